import type { Task } from '#shared/model/task.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import type { ScriptedAttempt, TaskHarness } from './task-harness.ts'
import { createRequire } from 'node:module'
import process from 'node:process'

export interface ScenarioContext { github: FakeGitHub, repository: string, harness: TaskHarness }

type Act = (context: ScenarioContext) => unknown
type ActWhen = (context: ScenarioContext) => Promise<boolean>

/** A task on GitHub from its start until `endsWhen` holds. */
export interface Scenario {
  name: string
  files?: Record<string, string>
  requiredChecks?: string[]
  task?: Partial<Task>
  /** The attempts of each phase in order; the last one repeats. */
  attempts: { plan?: ScriptedAttempt[], implement?: ScriptedAttempt[], fix?: ScriptedAttempt[], feedback?: ScriptedAttempt[] }
  /** Acts for people. Called between any two passes of the runner, so it checks whether it is time; true when all is done. */
  people?: (context: ScenarioContext) => Promise<boolean>
  endsWhen: Task['state']['status'] | ((task: Task) => boolean)
  /** Reads the values that must equal `expected` at the end. */
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
${jobs.map(job => workflowJob(...job)).join('')}`
}

function workflowJob(name: string, run: string): string {
  return `  ${name}:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - name: ${name}
        run: ${run}
`
}

export const CI = '.github/workflows/ci.yml'

const { resolve } = createRequire(import.meta.url)

/** The command that runs a program of this repository's own dependencies in a workflow. */
function program(dependency: string, file: string): string {
  return `${process.execPath} ${resolve(`${dependency}/package.json`).replace('package.json', file)}`
}

export const TYPES = `${program('typescript', 'bin/tsc')} --noEmit --strict --lib es5 answer.ts`
export const LINT = `${program('eslint', 'bin/eslint.js')} --no-config-lookup --rule no-unused-vars:2 answer.js`

/** CI passes once answer.txt contains "good". */
export const answerFiles = { [CI]: workflow(['test', 'grep -q good answer.txt']), 'answer.txt': 'nothing\n' }
export const bad: ScriptedAttempt = { publish: { 'answer.txt': 'bad\n' }, summary: 'Answered.' }
export const good: ScriptedAttempt = { publish: { 'answer.txt': 'good\n' }, summary: 'Answered well.' }
export const unchanged: ScriptedAttempt = { end: { outcome: 'unchanged', summary: 'I found nothing to change.', usage: USAGE } }

export function planned(plan: string, questions: string[] = []): ScriptedAttempt {
  return {
    end: { outcome: 'planned', plan, questions: questions.map((text, i) => ({ id: `q${i}`, text, options: [] })), usage: USAGE },
  }
}

export const pull = ({ github, repository }: ScenarioContext) => github.pulls(repository)[0]
export const plans = (github: FakeGitHub, repository: string) => github.issues(repository)[0]?.comments.filter(({ body }) => body.includes(':plan-')) ?? []
export const excerpts = ({ harness }: ScenarioContext) => [...harness.prompts].filter(([name]) => name.includes('-fix-')).map(([, prompt]) => prompt).join('\n')

export async function lastCommit({ github, repository, harness }: ScenarioContext): Promise<string> {
  return (await github.branches(repository)).get(harness.task().branch ?? '') ?? ''
}

export function addCheck(check: Omit<Parameters<FakeGitHub['addCheck']>[1], 'sha'>): Act {
  return async context => context.github.addCheck(context.repository, { sha: await lastCommit(context), ...check })
}

export function addStatus(status: Omit<Parameters<FakeGitHub['addStatus']>[1], 'sha'>): Act {
  return async context => context.github.addStatus(context.repository, { sha: await lastCommit(context), ...status })
}

/** Runs the acts in order, each until it returns true, at most one a call. */
export function actOnce(acts: Record<string, ActWhen>): NonNullable<Scenario['people']> {
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

export function inState(status: Task['state']['status'], act: Act): ActWhen {
  return when(({ harness }) => harness.task().state.status === status, act)
}

export function whenBlocked(act: Act): ActWhen {
  return when(({ harness }) => harness.task().blocked !== null, act)
}

/** The pull request becomes ready, and gets its summary, only a pass after CI is green. */
export function whenReady(act: Act): ActWhen {
  return when((context) => {
    const { draft, comments = [] } = pull(context) ?? {}
    return context.harness.task().state.status === 'in_review' && draft === false && comments.some(({ body }) => body.includes(':summary'))
  }, act)
}

export function whenPlanned(nth: number, act: Act): ActWhen {
  return when(({ github, repository }) => plans(github, repository).length === nth, act)
}

/** True after so many further passes of the runner. */
export function afterPasses(passes: number): ActWhen {
  const seen = new WeakMap<TaskHarness, number>()
  return async ({ harness }) => {
    const count = (seen.get(harness) ?? 0) + 1
    seen.set(harness, count)
    return count > passes
  }
}

export function when(condition: (context: ScenarioContext) => boolean, act: Act): ActWhen {
  return async (context) => {
    if (!condition(context))
      return false
    await act(context)
    return true
  }
}
