import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'

/** Poll intervals between two polls for a person's decision: people decide in minutes, while CI ends in seconds. */
export const PERSON_POLL_FACTOR = 6

/** Returns the logins with write access to the task's repository. */
export async function writersAmong(
  logins: readonly string[],
  { repository }: DesiredTask,
  { github }: ApplyContext,
): Promise<ReadonlySet<string>> {
  const may = await Promise.all(logins.map(login => callGitHub(() => github.mayWrite(repository, login))))
  return new Set(logins.filter((_, index) => may[index]))
}
