import type { Git } from './git.ts'
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isErrno } from '../../lib/is-errno.ts'

/**
 * Writes the workspace as a tree into the publish repository. The workspace is hostile, so nothing may read its
 * `.git` or one that the agent made below it. `git add` would run `git status` in a submodule, with the filters of
 * that submodule; `update-index` with a list of files starts no program. So submodules stay at their commits, and
 * repositories inside the workspace are left out.
 */
export async function writeWorktree(
  git: Git,
  workspace: string,
  start: string,
): Promise<{ tree: string, leftOut: string[] }> {
  await git(['read-tree', start])
  const submodules = new Set(
    (await paths(git, ['--stage']))
      .filter(line => line.startsWith(GITLINK))
      .map(line => line.slice(line.indexOf('\t') + 1)),
  )
  const touched = (await paths(git, ['--modified', '--others', '--exclude-standard'])).filter(
    path => !submodules.has(path),
  )
  const leftOut = touched.filter(path => path.endsWith('/'))
  const files = touched.filter(path => !path.endsWith('/'))
  const root = await realpath(workspace)
  const exists = await Promise.all(files.map(path => isFile(root, path)))
  const [present, removed] = [files.filter((_, i) => exists[i]), files.filter((_, i) => !exists[i])]
  await git(['update-index', '-z', '--force-remove', '--stdin'], { input: joinByNul(removed) })
  await git(['update-index', '-z', '--add', '--replace', '--stdin'], { input: joinByNul(present) })
  return { tree: (await git(['write-tree'])).trim(), leftOut }
}

/** A submodule's mode in the index. */
const GITLINK = '160000 '

async function paths(git: Git, options: readonly string[]): Promise<string[]> {
  return [...new Set((await git(['ls-files', '-z', ...options])).split('\0').filter(path => path !== ''))]
}

/** Whether the path is a file or a link. A folder is neither, nor is a file behind a link that replaced a folder. */
async function isFile(root: string, path: string): Promise<boolean> {
  try {
    const folder = join(root, dirname(path))
    return !(await lstat(join(root, path))).isDirectory() && await realpath(folder) === folder
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP'))
      return false
    throw error
  }
}

function joinByNul(lines: readonly string[]): string {
  return lines.map(line => `${line}\0`).join('')
}
