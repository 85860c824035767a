import type { FilePatch } from '../patch/parse-patch.ts'
import type { Change } from '../patch/publish-flags.ts'
import type { Git } from './git.ts'
import { parsePatch } from '../patch/parse-patch.ts'
import { GitTooLongError } from './git.ts'

/** The container that publishes has 1 GiB for this, many times over. Characters. */
const MAX_PATCH = 10_000_000

/**
 * How `to` differs from the other, line by line; null when that is too much
 * to look through. No attribute of the repository hides a file from it.
 */
export async function readPatch(git: Git, from: string, to: string): Promise<FilePatch[] | null> {
  try {
    return parsePatch(
      await git(
        [
          '-c',
          'core.quotePath=false',
          'diff-tree',
          '-r',
          '-p',
          '--unified=0',
          '--no-renames',
          '--no-ext-diff',
          '--no-textconv',
          '--text',
          '--src-prefix=a/',
          '--dst-prefix=b/',
          from,
          to,
        ],
        { maxBuffer: MAX_PATCH },
      ),
    )
  }
  catch (error) {
    if (error instanceof GitTooLongError)
      return null
    throw error
  }
}

/** What is different in `to`, a commit or a tree. */
export async function readChanges(git: Git, from: string, to: string): Promise<Change[]> {
  const fields = (await git(['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to])).split('\0')
  return fields.flatMap((status, i) => i % 2 === 0 && status !== '' ? [{ status, path: fields[i + 1] ?? '' }] : [])
}
