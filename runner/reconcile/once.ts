import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked.ts'

/** Writes something to GitHub that is safe to repeat, once for this work and this process. */
export async function once(task: DesiredTask, what: string, { step, pollState }: ApplyContext, write: () => Promise<unknown>): Promise<void> {
  if (pollState.isDone(task, what))
    return
  step(`${what} ${task.id}`)
  await callGitHub(write)
  pollState.done(task, what)
}
