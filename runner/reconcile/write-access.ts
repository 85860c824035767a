import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'

/** Returns the logins with write access to the task's repository. */
export async function loginsWithWriteAccess(
  logins: readonly string[],
  { repository }: DesiredTask,
  { github }: ApplyContext,
): Promise<ReadonlySet<string>> {
  const may = await Promise.all(logins.map(login => callGitHub(() => github.mayWrite(repository, login))))
  return new Set(logins.filter((_, index) => may[index]))
}
