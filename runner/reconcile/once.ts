import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyDeps } from './apply.ts'
import { askGitHub } from './blocked.ts'

/** Writes something to GitHub that is safe to repeat, once for this work and this process. */
export async function once(task: DesiredTask, what: string, { step, memory }: ApplyDeps, write: () => Promise<unknown>): Promise<void> {
  if (memory.isDone(task, what))
    return
  step(`${what} ${task.id}`)
  await askGitHub(write)
  memory.done(task, what)
}
