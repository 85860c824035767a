import type { Task } from '#shared/model/task.ts'
import type { GitHubStage } from '../stage/github/start.ts'
import type { Doing, LoopWorld } from './loop-world.ts'
import { createRequire } from 'node:module'
import process from 'node:process'

export interface Place { github: GitHubStage, repository: string, world: LoopWorld }

/** A task on GitHub from its start to where it comes to rest. */
export interface Story {
  name: string
  files?: Record<string, string>
  requiredChecks?: string[]
  task?: Partial<Task>
  /** What each attempt of a phase does; the last goes on for ever. */
  attempts: { plan?: Doing[], implement?: Doing[], fix?: Doing[], feedback?: Doing[] }
  /** What people do between two looks of the runner; called again and again, so each checks whether it is time. True when they are done. */
  people?: (place: Place) => Promise<boolean>
  ends: Task['state']['status'] | ((task: Task) => boolean)
  /** What must be true at the end, as sentences the test compares. */
  see?: (place: Place) => Promise<unknown> | unknown
  expected?: unknown
}

export const USAGE = { costUsd: 0.1, inputTokens: 10, outputTokens: 5 }

export function workflow(...jobs: [name: string, run: string][]): string {
  return `name: CI
on:
  push:
    branches: [main]
  pull_request:
jobs:
${jobs.map(([name, run]) => `  ${name}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n      - name: ${name}\n        run: ${run}\n`).join('')}`
}

export const CI = '.github/workflows/ci.yml'

const { resolve } = createRequire(import.meta.url)

/** The compiler and the linter of this very repository, as a workflow's step runs them. */
export const TYPES = `${process.execPath} ${resolve('typescript/package.json').replace('package.json', 'bin/tsc')} --noEmit --strict --lib es5 answer.ts`
export const LINT = `${process.execPath} ${resolve('eslint/package.json').replace('package.json', 'bin/eslint.js')} --no-config-lookup --rule no-unused-vars:2 answer.js`
export const fileSaysGood = { [CI]: workflow(['test', 'grep -q good answer.txt']), 'answer.txt': 'nothing\n' }
export const bad: Doing = { publish: { 'answer.txt': 'bad\n' }, summary: 'Answered.' }
export const good: Doing = { publish: { 'answer.txt': 'good\n' }, summary: 'Answered well.' }
export const unchanged: Doing = { end: { outcome: 'unchanged', summary: 'I found nothing to change.', usage: USAGE } }

export const lastCommit = async ({ github, repository, world }: Place) => (await github.branches(repository)).get(world.task().branch ?? '') ?? ''
export const pull = ({ github, repository }: Place) => github.pulls(repository)[0]
export const excerpts = ({ world }: Place) => [...world.prompts].filter(([name]) => name.includes('-fix-')).map(([, prompt]) => prompt).join('\n')

/** People act once: the story remembers what they did. */
export function onceEach(acts: Record<string, (place: Place) => Promise<boolean> | boolean>): NonNullable<Story['people']> {
  const done = new WeakMap<LoopWorld, Set<string>>()
  return async (place) => {
    const did = done.get(place.world) ?? new Set()
    done.set(place.world, did)
    for (const [name, act] of Object.entries(acts)) {
      if (!did.has(name)) {
        if (await act(place))
          did.add(name)
        return false
      }
    }
    return true
  }
}

export function inState(status: Task['state']['status'], act: (place: Place) => unknown) {
  return async (place: Place) => {
    if (place.world.task().state.status !== status)
      return false
    await act(place)
    return true
  }
}
export function whenBlocked(act: (place: Place) => unknown) {
  return async (place: Place) => {
    if (place.world.task().blocked === null)
      return false
    await act(place)
    return true
  }
}
/** The pull request is ready a pass after CI is green. */
export function whenReady(act: (place: Place) => unknown) {
  return async (place: Place) => {
    if (place.world.task().state.status !== 'in_review' || pull(place)?.draft !== false || !pull(place)?.comments.some(({ body }) => body.includes(':summary')))
      return false
    await act(place)
    return true
  }
}
export const plans = (github: GitHubStage, repository: string) => github.issues(repository)[0]?.comments.filter(({ body }) => body.includes(':plan-')) ?? []
export function whenPlanned(nth: number, act: (place: Place) => unknown) {
  return async (place: Place) => {
    if (plans(place.github, place.repository).length !== nth)
      return false
    await act(place)
    return true
  }
}
export const planned = (plan: string, questions: string[] = []): Doing => ({ end: { outcome: 'planned', plan, questions: questions.map((text, i) => ({ id: `q${i}`, text, options: [] })), usage: USAGE } })
