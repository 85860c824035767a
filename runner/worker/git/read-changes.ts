import type { Change } from '../patch/publish-flags.ts'
import type { Git } from './git.ts'

/** What is different in `to`, a commit or a tree. */
export async function readChanges(git: Git, from: string, to: string): Promise<Change[]> {
  const fields = (await git(['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to])).split('\0')
  return fields.flatMap((status, i) => i % 2 === 0 && status !== '' ? [{ status, path: fields[i + 1] ?? '' }] : [])
}
