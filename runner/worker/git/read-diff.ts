import type { FilePatch } from '../patch/parse-patch.ts'
import type { Change } from '../patch/publish-flags.ts'
import type { Git } from './git.ts'
import { parsePatch } from '../patch/parse-patch.ts'
import { GitTooLongError } from './git.ts'

/** Parsing needs a multiple of this, and the publishing container has 1 GiB. Characters. */
const MAX_PATCH = 10_000_000

/** Attributes in a repository can hide files from a diff; these options ignore them. */
const DIFF = [
  ...['-c', 'core.quotePath=false', 'diff-tree', '-r', '-p', '--unified=0', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--text', '--src-prefix=a/', '--dst-prefix=b/'],
]

/** The differences between two commits or trees, line by line; null if they are too large to parse. */
export async function readPatch(git: Git, from: string, to: string): Promise<FilePatch[] | null> {
  try {
    return parsePatch(await git([...DIFF, from, to], { maxBuffer: MAX_PATCH }))
  }
  catch (error) {
    if (error instanceof GitTooLongError)
      return null
    throw error
  }
}

/** The paths that differ between two commits or trees. */
export async function readChanges(git: Git, from: string, to: string): Promise<Change[]> {
  const fields = (await git(['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to])).split('\0')
  return fields.flatMap((status, i) => i % 2 === 0 && status !== '' ? [{ status, path: fields[i + 1] ?? '' }] : [])
}
