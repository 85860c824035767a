import type { Git } from './git.ts'
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isErrno } from '../../lib/is-errno.ts'

/**
 * Writes the workspace as a tree into our git directory. The workspace is hostile: its `.git`, and a
 * `.git` the agent put below it, must not be asked anything. `git add` would run `git status` in a
 * submodule, with that submodule's own filters; `update-index` with a list of files starts nothing.
 * So submodules stay at the commit they were at, and repositories inside the workspace are left out.
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
  const there = await Promise.all(files.map(path => isFile(root, path)))
  await git(['update-index', '-z', '--force-remove', '--stdin'], { input: nul(files.filter((_, i) => !there[i])) })
  await git(['update-index', '-z', '--add', '--replace', '--stdin'], { input: nul(files.filter((_, i) => there[i])) })
  return { tree: (await git(['write-tree'])).trim(), leftOut }
}

/** The mode of a submodule in an index. */
const GITLINK = '160000 '

async function paths(git: Git, options: readonly string[]): Promise<string[]> {
  return [...new Set((await git(['ls-files', '-z', ...options])).split('\0').filter(path => path !== ''))]
}

/**
 * Whether a file or a link stands there; not a folder that took its
 * name, and not something beyond a link that took a folder's name.
 */
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

function nul(lines: readonly string[]): string {
  return lines.map(line => `${line}\0`).join('')
}
