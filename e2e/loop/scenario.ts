import type { Task } from '#shared/model/task.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import type { ScriptedAttempt, TaskHarness } from './task-harness.ts'
import { createRequire } from 'node:module'
import process from 'node:process'

export interface ScenarioContext { github: FakeGitHub, repository: string, harness: TaskHarness }

/** A task on GitHub from its start to where it comes to rest. */
export interface Scenario {
  name: string
  files?: Record<string, string>
  requiredChecks?: string[]
  task?: Partial<Task>
  /** What each attempt of a phase does; the last goes on for ever. */
  attempts: { plan?: ScriptedAttempt[], implement?: ScriptedAttempt[], fix?: ScriptedAttempt[], feedback?: ScriptedAttempt[] }
  /** What people do between two looks of the runner; called again and again, so each checks whether it is time. True when they are done. */
  people?: (context: ScenarioContext) => Promise<boolean>
  endsWhen: Task['state']['status'] | ((task: Task) => boolean)
  /** What must be true at the end, as sentences the test compares. */
  inspect?: (context: ScenarioContext) => Promise<unknown> | unknown
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
export const bad: ScriptedAttempt = { publish: { 'answer.txt': 'bad\n' }, summary: 'Answered.' }
export const good: ScriptedAttempt = { publish: { 'answer.txt': 'good\n' }, summary: 'Answered well.' }
export const unchanged: ScriptedAttempt = { end: { outcome: 'unchanged', summary: 'I found nothing to change.', usage: USAGE } }

export const lastCommit = async ({ github, repository, harness }: ScenarioContext) => (await github.branches(repository)).get(harness.task().branch ?? '') ?? ''
export const pull = ({ github, repository }: ScenarioContext) => github.pulls(repository)[0]
export const excerpts = ({ harness }: ScenarioContext) => [...harness.prompts].filter(([name]) => name.includes('-fix-')).map(([, prompt]) => prompt).join('\n')

/** People act once: the story remembers what they did. */
export function actOnce(acts: Record<string, (context: ScenarioContext) => Promise<boolean> | boolean>): NonNullable<Scenario['people']> {
  const done = new WeakMap<TaskHarness, Set<string>>()
  return async (context) => {
    const did = done.get(context.harness) ?? new Set()
    done.set(context.harness, did)
    for (const [name, act] of Object.entries(acts)) {
      if (!did.has(name)) {
        if (await act(context))
          did.add(name)
        return false
      }
    }
    return true
  }
}

export function inState(status: Task['state']['status'], act: (context: ScenarioContext) => unknown) {
  return async (context: ScenarioContext) => {
    if (context.harness.task().state.status !== status)
      return false
    await act(context)
    return true
  }
}
export function whenBlocked(act: (context: ScenarioContext) => unknown) {
  return async (context: ScenarioContext) => {
    if (context.harness.task().blocked === null)
      return false
    await act(context)
    return true
  }
}
/** The pull request is ready a pass after CI is green. */
export function whenReady(act: (context: ScenarioContext) => unknown) {
  return async (context: ScenarioContext) => {
    if (
      context.harness.task().state.status !== 'in_review'
      || pull(context)?.draft !== false
      || !pull(context)?.comments.some(({ body }) => body.includes(':summary'))
    ) {
      return false
    }
    await act(context)
    return true
  }
}
export const plans = (github: FakeGitHub, repository: string) => github.issues(repository)[0]?.comments.filter(({ body }) => body.includes(':plan-')) ?? []
export function whenPlanned(nth: number, act: (context: ScenarioContext) => unknown) {
  return async (context: ScenarioContext) => {
    if (plans(context.github, context.repository).length !== nth)
      return false
    await act(context)
    return true
  }
}
export function planned(plan: string, questions: string[] = []): ScriptedAttempt {
  return {
    end: { outcome: 'planned', plan, questions: questions.map((text, i) => ({ id: `q${i}`, text, options: [] })), usage: USAGE },
  }
}
