import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyDeps } from './apply.ts'
import { askGitHub } from './blocked.ts'

/** People decide in minutes, CI ends in seconds: so people are looked at less often. Times the poll interval. */
export const PEOPLE_PACE = 6

/** Who of these may push to the task's repository. */
export async function writersAmong(logins: readonly string[], { repository }: DesiredTask, { github }: ApplyDeps): Promise<ReadonlySet<string>> {
  const may = await Promise.all(logins.map(login => askGitHub(() => github.mayWrite(repository, login))))
  return new Set(logins.filter((_, index) => may[index]))
}

/** It worked: nothing blocks the task, and it is looked at again after this. */
export function works(task: DesiredTask, deps: ApplyDeps, againInMs: number): void {
  if (task.blocked)
    deps.say(task, { kind: 'unblocked' })
  deps.memory.lookAgain(task, deps.now() + againInMs)
}
