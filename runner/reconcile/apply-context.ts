import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { Executor } from '../executor/executor.ts'
import type { Ledger } from '../gateway/ledger.ts'
import type { GitHub } from '../github/github.ts'
import type { CoAuthor } from '../job/co-author.ts'
import type { PollState } from './poll-state.ts'
import { callGitHub } from './blocked-error.ts'

/** The dependencies that all actions of one pass share. */
export interface ApplyContext {
  executor: Executor
  github: GitHub
  /** Returns the reason why no task may ask the model now, or null. */
  globalStop: Ledger['globalStop']
  pollState: PollState
  /** Sends the event to the edge, unless it repeats the last one of its kind. */
  report: (task: DesiredTask, event: RunnerEvent) => void
  /** Stops following the log of a Job that is about to be removed. */
  forgetLog: (job: string) => void
  /** `changes`: the diff of the pull request; null without one, or when the phase does not need it. */
  composePrompt: (task: DesiredTask, changes: string | null) => string
  /** The co-author of commits; null for the owner of the GitHub token. */
  person: CoAuthor | null
  deadlineSeconds: number
  checkoutMb: number
  pollMs: number
  quietMs: number
  now: () => number
  /** Called before every effect with its name; tests interrupt the runner here. */
  step: (name: string) => void
  bug: (error: unknown, doing: string) => void
}

/** Records that a poll succeeded: nothing blocks the task any more, and the next poll is due after this time. */
export function clearBlocked(task: DesiredTask, deps: ApplyContext, nextPollInMs: number): void {
  if (task.blocked)
    deps.report(task, { kind: 'unblocked' })
  deps.pollState.pollAt(task, deps.now() + nextPollInMs)
}

/**
 * Skips a write to GitHub that this process already made for this work. An optimisation: `write` must be
 * safe to repeat, because a restarted runner makes it again.
 */
export async function writeOnce(
  task: DesiredTask,
  name: string,
  { step, pollState }: ApplyContext,
  write: () => Promise<unknown>,
): Promise<void> {
  if (pollState.isDone(task, name))
    return
  step(`${name} ${task.id}`)
  await callGitHub(write)
  pollState.done(task, name)
}
