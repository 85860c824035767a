import type { InputOf, StageOutcome } from '../../job/stage-protocol.ts'
import type { Git } from '../git/git.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { madeBy, summaryOf } from '../git/commit-message.ts'
import { readChanges, readPatch } from '../git/read-diff.ts'
import { publishFlags } from '../patch/publish-flags.ts'

/**
 * The result of an earlier attempt that pushed `tip` and died before it could report it: another attempt at the
 * same work would find nothing to do. Null if the edge knows the tip, or if this task did not make it.
 */
export async function lostPublication(
  git: Git,
  { task, published }: InputOf<'checkout'>['spec'],
  tip: string,
): Promise<StageOutcome | null> {
  const message = await git(['log', '-1', '--format=%B', tip])
  const made = madeBy(message)
  if (made?.task !== task || made.attempt <= published)
    return null
  const flags = publishFlags(await readChanges(git, `${tip}^`, tip), await readPatch(git, `${tip}^`, tip))
  return { outcome: 'published', head: tip, summary: summaryOf(message), flags, usage: NO_USAGE }
}
