import type { FilePatch } from './parse-patch.ts'
import { isTest, isWorkflow } from './file-kinds.ts'
import { weakenedChecks } from './weakened-checks.ts'

/** One line of `git diff-tree --name-status`. */
export interface Change { status: string, path: string }

/** The wire's limits: flags, and characters of one. */
const MAX_FLAGS = 50
const MAX_FLAG_LENGTH = 500

/**
 * What a reviewer should look at twice. New tests are welcome; changed and deleted
 * ones may have been made to pass. `patch` is null when it was too large to be read.
 */
export function publishFlags(changes: readonly Change[], patch: readonly FilePatch[] | null): string[] {
  const weaker = patch === null ? ['The change was too large to be searched for skipped tests'] : weakenedChecks(patch)
  return [...weaker, ...changes.flatMap(flag)].slice(0, MAX_FLAGS).map(text => text.slice(0, MAX_FLAG_LENGTH))
}

function flag({ status, path }: Change): string[] {
  const verb = status === 'A' ? 'Adds' : status === 'D' ? 'Deletes' : 'Changes'
  if (isWorkflow(path))
    return [`${verb} the workflow file ${path}`]
  return status !== 'A' && isTest(path) ? [`${verb} the test ${path}`] : []
}
