import type { GitAccess, InputOf } from '../../job/stage-protocol.ts'
import type { FilePatch } from '../patch/parse-patch.ts'
import type { Change } from '../patch/publish-flags.ts'
import type { Git } from './git.ts'
import { mkdir } from 'node:fs/promises'
import { cleanEnv } from '../../job/clean-env.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { createGit, GitError, remoteUrl } from './git.ts'
import { readChanges, readPatch } from './read-diff.ts'
import { writeWorktree } from './worktree.ts'

const BOT = { name: 'mainloop', email: 'mainloop@users.noreply.invalid' }

const AUTHOR = {
  GIT_AUTHOR_NAME: BOT.name,
  GIT_AUTHOR_EMAIL: BOT.email,
  GIT_COMMITTER_NAME: BOT.name,
  GIT_COMMITTER_EMAIL: BOT.email,
}

/**
 * A git directory of our own over the workspace: fetched anew, so
 * nothing the agent left in the workspace is configuration here.
 */
export interface PublishRepository {
  git: Git
  /** With its commit and no history. */
  fetch: (commit: string) => Promise<void>
  /** The files of the workspace as a tree, what was left out of it, and what that changes. */
  snapshot: (start: string) => Promise<{ tree: string, leftOut: string[], changes: Change[] }>
  changes: (from: string, to: string) => Promise<Change[]>
  /** See `readPatch`. */
  patch: (from: string, to: string) => Promise<FilePatch[] | null>
  /** The paths below the tree whose text holds one of these. */
  pathsWith: (tree: string, texts: readonly string[]) => Promise<string[]>
  commit: (tree: string, parents: readonly string[], message: string) => Promise<string>
  publishRefs: (refspecs: readonly string[], options?: readonly string[]) => Promise<void>
  /** The commit a ref of the remote is at; null when it is not there. */
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
    commit: async (tree, parents, message) =>
      (
        await git(['commit-tree', tree, ...parents.flatMap(parent => ['-p', parent]), '-F', '-'], {
          input: message,
          env: AUTHOR,
        })
      ).trim(),
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
    // It exits with 1 and no words when nothing matches.
    if (error instanceof GitError && error.exitCode === 1)
      return []
    throw error
  }
}
