import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { Executor } from '../executor/executor.ts'
import type { Ledger } from '../gateway/ledger.ts'
import type { GitHub } from '../github/github.ts'
import type { Person } from '../job/person.ts'
import type { PollState } from './poll-state.ts'
import { callGitHub } from './blocked-error.ts'

/** Everything the actions of one pass work with. */
export interface ApplyContext {
  executor: Executor
  github: GitHub
  /** Why no task may ask the model now, if so. */
  globalStop: Ledger['globalStop']
  pollState: PollState
  /** Reports what is new about a task to the edge. */
  report: (task: DesiredTask, event: RunnerEvent) => void
  /** The Job is about to be removed: nothing more of its log is wanted. */
  forgetLog: (job: string) => void
  /** `changes`: what its pull request changes so far; null when there is none or it does not matter. */
  composePrompt: (task: DesiredTask, changes: string | null) => string
  /** Whom commits name as co-author; null: whose token it is. */
  person: Person | null
  deadlineSeconds: number
  checkoutMb: number
  pollMs: number
  quietMs: number
  now: () => number
  /** Called before every effect, with what it is. */
  step: (what: string) => void
  bug: (error: unknown, doing: string) => void
}

/** The poll succeeded: nothing blocks the task any more, and the next poll is after this time. */
export function clearBlocked(task: DesiredTask, deps: ApplyContext, nextPollInMs: number): void {
  if (task.blocked)
    deps.report(task, { kind: 'unblocked' })
  deps.pollState.pollAt(task, deps.now() + nextPollInMs)
}

/** Writes something to GitHub that is safe to repeat, once for this work and this process. */
export async function once(
  task: DesiredTask,
  what: string,
  { step, pollState }: ApplyContext,
  write: () => Promise<unknown>,
): Promise<void> {
  if (pollState.isDone(task, what))
    return
  step(`${what} ${task.id}`)
  await callGitHub(write)
  pollState.done(task, what)
}
