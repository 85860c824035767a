import type { GitAccess, InputOf } from '../../job/stage-protocol.ts'
import type { FilePatch } from '../patch/parse-patch.ts'
import type { Change } from '../patch/publish-flags.ts'
import type { Git } from './git.ts'
import { mkdir } from 'node:fs/promises'
import { cleanEnv } from '../../job/clean-env.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { BOT_IDENTITY } from './bot-identity.ts'
import { createGit, GitError, remoteUrl } from './git.ts'
import { readChanges, readPatch } from './read-diff.ts'
import { writeWorktree } from './worktree.ts'

/** A fresh git directory over the workspace, so that no configuration by the agent applies. */
export interface PublishRepository {
  git: Git
  /** Fetches one commit without its history. */
  fetch: (commit: string) => Promise<void>
  /** Writes the workspace as a tree. `leftOut` are nested repositories, `changes` the differences from `start`. */
  snapshot: (start: string) => Promise<{ tree: string, leftOut: string[], changes: Change[] }>
  changes: (from: string, to: string) => Promise<Change[]>
  /** See `readPatch`. */
  patch: (from: string, to: string) => Promise<FilePatch[] | null>
  /** The paths in the tree whose text contains one of `texts`. */
  pathsWith: (tree: string, texts: readonly string[]) => Promise<string[]>
  commit: (tree: string, parents: readonly string[], message: string) => Promise<string>
  publishRefs: (refspecs: readonly string[], options?: readonly string[]) => Promise<void>
  /** The commit of a ref on the remote; null if there is no such ref. */
  remote: (ref: string) => Promise<string | null>
  message: (commit: string) => Promise<string>
}

export async function openPublishRepository(
  { spec, folder, git: access }: Pick<InputOf<'save-wip'>, 'spec' | 'folder'> & { git: GitAccess },
  signal: AbortSignal,
): Promise<PublishRepository> {
  const { workspace, publishGit } = jobPaths(folder)
  await mkdir(publishGit, { recursive: true })
  const git = createGit({
    cwd: workspace,
    env: cleanEnv(folder, { GIT_DIR: publishGit, GIT_WORK_TREE: workspace }),
    signal,
  })
  const url = remoteUrl(access, spec.repository)
  await git(['init', '--quiet', '--template='])

  return {
    git,
    changes: (from, to) => readChanges(git, from, to),
    patch: (from, to) => readPatch(git, from, to),
    fetch: async (commit) => {
      await git(
        ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--depth=1', url, commit],
        { access },
      )
    },
    snapshot: async (start) => {
      const { tree, leftOut } = await writeWorktree(git, workspace, start)
      return { tree, leftOut, changes: await readChanges(git, start, tree) }
    },
    pathsWith: (tree, texts) => pathsWith(git, tree, texts),
    commit: async (tree, parents, message) => {
      const args = ['commit-tree', tree, ...parents.flatMap(parent => ['-p', parent]), '-F', '-']
      return (await git(args, { input: message, env: BOT_IDENTITY })).trim()
    },
    publishRefs: async (refspecs, options = []) => {
      await git(['push', '--quiet', '--no-verify', '--no-follow-tags', ...options, url, ...refspecs], { access })
    },
    remote: async (ref) => {
      const lines = (await git(['ls-remote', url, ref], { access })).split('\n')
      return lines.find(line => line.endsWith(`\t${ref}`))?.split('\t')[0] ?? null
    },
    message: commit => git(['log', '-1', '--format=%B', commit]),
  }
}

async function pathsWith(git: Git, tree: string, texts: readonly string[]): Promise<string[]> {
  if (texts.length === 0)
    return []
  try {
    const found = await git(['grep', '--text', '--fixed-strings', '--name-only', '-z', '-f', '-', tree], {
      input: texts.map(text => `${text}\n`).join(''),
    })
    return found.split('\0').filter(name => name !== '').map(name => name.slice(tree.length + 1))
  }
  catch (error) {
    // `git grep` exits with 1 when nothing matches.
    if (error instanceof GitError && error.exitCode === 1)
      return []
    throw error
  }
}
