import type { FilePatch } from './parse-patch.ts'
import { isTest, isWorkflow } from './file-kinds.ts'
import { weakenedChecks } from './weakened-checks.ts'

/** One line of `git diff-tree --name-status`. */
export interface Change { status: string, path: string }

/** The protocol's limits: flags, and characters of one. */
const MAX_FLAGS = 50
const MAX_FLAG_LENGTH = 500

/**
 * Flags the changes that a person should review. New tests get no flag, but changed or deleted ones may have been
 * made to pass. `patch` is null if it is too large to parse.
 */
export function publishFlags(changes: readonly Change[], patch: readonly FilePatch[] | null): string[] {
  const weakened = patch === null ? [TOO_LARGE] : weakenedChecks(patch)
  return [...weakened, ...changes.flatMap(flag)].slice(0, MAX_FLAGS).map(text => text.slice(0, MAX_FLAG_LENGTH))
}

const TOO_LARGE = 'The change was too large to be searched for skipped tests'

function flag({ status, path }: Change): string[] {
  const verb = status === 'A' ? 'Adds' : status === 'D' ? 'Deletes' : 'Changes'
  if (isWorkflow(path))
    return [`${verb} the workflow file ${path}`]
  return status !== 'A' && isTest(path) ? [`${verb} the test ${path}`] : []
}
