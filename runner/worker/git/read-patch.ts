import type { Patched } from '../patch/parse-patch.ts'
import type { Git } from './git.ts'
import { parsePatch } from '../patch/parse-patch.ts'
import { GitTooLongError } from './git.ts'

/** The container that publishes has 1 GiB for this, many times over. Characters. */
const MAX_PATCH = 10_000_000

/** How `to` differs from the other, line by line; null when that is too much to look through. No attribute of the repository hides a file from it. */
export async function readPatch(git: Git, from: string, to: string): Promise<Patched[] | null> {
  try {
    return parsePatch(await git(['-c', 'core.quotePath=false', 'diff-tree', '-r', '-p', '--unified=0', '--no-renames', '--no-ext-diff', '--no-textconv', '--text', '--src-prefix=a/', '--dst-prefix=b/', from, to], { maxBuffer: MAX_PATCH }))
  }
  catch (error) {
    if (error instanceof GitTooLongError)
      return null
    throw error
  }
}
