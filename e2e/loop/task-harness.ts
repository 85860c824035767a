import type { AttemptResult, TaskEvent } from '#shared/model/task-event.ts'
import type { Phase, Task } from '#shared/model/task.ts'
import type { DesiredTask, RunnerUp } from '#shared/protocol/runner.ts'
import type { Executor } from '../../runner/executor/executor.ts'
import type { InMemoryWorker } from '../../runner/executor/testing/in-memory-executor.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import { desired } from '#shared/task/desired.ts'
import { transition } from '#shared/task/machine.ts'
import { buildTask } from '#shared/testing/build-task.ts'
import { createInMemoryExecutor } from '../../runner/executor/testing/in-memory-executor.ts'
import { madeBy } from '../../runner/worker/git/commit-message.ts'

const USAGE = { costUsd: 0.1, inputTokens: 10, outputTokens: 5 }

/** One attempt of a worker: the files that it publishes, or another end. */
export type ScriptedAttempt
  = | { publish: Readonly<Record<string, string | null>>, summary?: string, flags?: string[], merging?: string }
    | { end: AttemptResult }

export type Report = Omit<Extract<RunnerUp, { type: 'report' }>, 'type'>

export interface TaskHarness {
  task: () => Task
  desired: () => readonly DesiredTask[]
  dispatch: (event: TaskEvent) => string | null
  apply: (report: Report) => void
  executor: Executor
  /** The prompts of the attempts, by the names of their Jobs. */
  prompts: Map<string, string>
  announcements: string[]
  /** The task's reasons for being blocked, each once. */
  blockedReasons: string[]
}

/**
 * One task between the fake GitHub and the real task machine: an edge in memory, and workers whose attempts are scripted but whose
 * commits are real. It survives the crashes of its runner.
 */
export function createTaskHarness(options: {
  github: FakeGitHub
  repository: string
  task?: Partial<Task>
  script: (phase: Phase, nth: number) => ScriptedAttempt
}): TaskHarness {
  const { github, repository, script } = options
  let task = buildTask({ id: taskIdOf(repository), repository, branch: null, attempts: 0, revision: 0, createdAt: Date.now(), ...options.task })
  task = { ...task, state: { status: 'proposed', since: 1 } }
  const answered = new Set<string>()
  const announcements: string[] = []
  const blockedReasons: string[] = []
  const prompts = new Map<string, string>()
  let desiredTasks: readonly DesiredTask[] = []

  function dispatch(event: TaskEvent): string | null {
    const step = transition(task, event, Date.now())
    if (!step.ok)
      return step.message
    task = step.task
    const target = desired(task)
    desiredTasks = target && target.work.do !== 'forget' ? [target] : []
    announcements.push(...step.effects.map(({ text }) => text))
    if (task.blocked && !blockedReasons.includes(task.blocked.why))
      blockedReasons.push(task.blocked.why)
    return null
  }

  async function runAttempt({ name, attempt, phase, branch, prompt }: JobSpec, worker: InMemoryWorker): Promise<void> {
    prompts.set(name, prompt)
    const nth = [...prompts.keys()].filter(other => other.includes(`-${phase}-`)).length
    const scripted = script(phase, nth)
    worker.end('end' in scripted ? scripted.end : await publish(scripted, { branch, attempt }))
  }

  async function publish(
    { publish: files, summary = 'Did it.', flags = [], merging }: Extract<ScriptedAttempt, { publish: unknown }>,
    { branch, attempt }: { branch: string, attempt: number },
  ): Promise<AttemptResult> {
    const [last] = (await github.branches(repository)).has(branch) ? await github.commits(repository, branch) : []
    // The publish stage too finds its own push again after its result was lost.
    const head
      = last && madeBy(last.message)?.attempt === attempt
        ? last.sha
        : await github.commit(repository, branch, files, `${summary}\n\nMainloop-Task: ${task.id}\nMainloop-Attempt: ${attempt}\n`, merging)
    return { outcome: 'published', head, summary, flags, usage: USAGE }
  }

  return {
    task: () => task,
    desired: () => desiredTasks,
    dispatch,
    announcements,
    blockedReasons,
    prompts,
    apply: ({ id, event }) => {
      if (!answered.has(id))
        dispatch(event)
      answered.add(id)
    },
    executor: createInMemoryExecutor(runAttempt),
  }
}

/** Ten characters that are the same for the same repository. */
function taskIdOf(repository: string): string {
  return repository.replaceAll(/[^a-z\d]/g, '').slice(-10).padStart(10, '0')
}
