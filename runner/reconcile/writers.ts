import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'

/** People decide in minutes, CI ends in seconds: so what people do is polled less often. Times the poll interval. */
export const PEOPLE_PACE = 6

/** Who of these may push to the task's repository. */
export async function writersAmong(
  logins: readonly string[],
  { repository }: DesiredTask,
  { github }: ApplyContext,
): Promise<ReadonlySet<string>> {
  const may = await Promise.all(logins.map(login => callGitHub(() => github.mayWrite(repository, login))))
  return new Set(logins.filter((_, index) => may[index]))
}
