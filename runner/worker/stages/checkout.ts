import type { GitAccess, InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { Git } from '../git/git.ts'
import { mkdir } from 'node:fs/promises'
import { cleanEnv } from '../../job/clean-env.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { explainGitFailure } from '../git/explain-git-failure.ts'
import { createGit, GitError, remoteUrl } from '../git/git.ts'
import { TooLargeError, withinSize } from '../git/within-size.ts'
import { lostPublication } from './lost-publication.ts'

/** Enough for blame and log to make sense, little enough for a large repository. Commits. */
const HISTORY_DEPTH = 50

/**
 * Larger files of the past stay on the server; below it nothing is missing, for who reads history later has no token.
 */
const FILTER = '--filter=blob:limit=1m'

/**
 * Puts the task's branch, or its base when the branch is not on the remote yet, into the workspace.
 * Submodules and what is wip by LFS are not fetched. Nothing in the workspace names the token.
 */
export async function checkout(input: InputOf<'checkout'>, tools: StageTools): Promise<StageOutcome> {
  const { spec, folder, git: access } = input
  const { workspace } = jobPaths(folder)
  await mkdir(workspace, { recursive: true })
  try {
    return await withinSize(
      { folder: workspace, maxBytes: spec.checkoutMb * 1_000_000, signal: tools.signal },
      signal => fill(workspace, input, { ...tools, signal }),
    )
  }
  catch (error) {
    if (error instanceof TooLargeError) {
      return {
        outcome: 'failed',
        kind: 'checkout',
        reason: `${spec.repository} is larger than the ${spec.checkoutMb} MB a checkout may have. Set MAINLOOP_CHECKOUT_MB of the runner to more if there is room for it, then try again.`,
        usage: NO_USAGE,
      }
    }
    if (error instanceof GitError) {
      return {
        outcome: 'failed',
        ...explainGitFailure(error.stderr, { repository: spec.repository, hasToken: access.token !== null }),
        usage: NO_USAGE,
      }
    }
    throw error
  }
}

async function fill(
  workspace: string,
  { spec, folder, git: access }: InputOf<'checkout'>,
  { log, signal }: StageTools,
): Promise<StageOutcome> {
  const git = createGit({ cwd: workspace, env: cleanEnv(folder), signal })
  // What compares with the past may come upon a large file that is still on the server.
  const online: Git = (args, call) => git(args, { access, ...call })
  const url = remoteUrl(access, spec.repository)
  const refs = await readRefs(git, url, access, wipRef(spec.task))
  const place = findStart(spec, refs)
  if ('reason' in place)
    return { outcome: 'failed', ...place, usage: NO_USAGE }
  const onBranch = place.from === spec.branch
  const merges = spec.mergeBase && place.from !== place.base
  const names = [...new Set([place.from, place.base])].map(
    branch => `+refs/heads/${branch}:refs/remotes/origin/${branch}`,
  )
  await fetchRefs(git, {
    url,
    access,
    refspecs: refs.wip === null ? names : [...names, wipRef(spec.task)],
    whole: merges,
  })
  await fetchLargeFiles(
    git,
    [place.start, `refs/remotes/origin/${place.base}`, ...(refs.wip === null ? [] : [refs.wip])],
    access,
  )
  const lost = onBranch ? await lostPublication(online, spec, place.start) : null
  if (lost) {
    log('info', `The last attempt had pushed ${place.start.slice(0, 7)} before it could say so`)
    return lost
  }

  const wip = refs.wip === null ? null : await findWip(git, refs.wip, onBranch ? place.start : null)
  const start = wip?.start ?? place.start
  await git(['checkout', '--quiet', '-B', spec.branch, start])
  log('info', `Checked out ${spec.repository} at ${place.from} (${start.slice(0, 7)})`)
  const merging = merges ? await beginMerge(online, place.base) : null
  if (wip) {
    await git(['restore', '--source', wip.commit, '--worktree', '--', ':/'])
    log('info', 'Put the unfinished work of the last attempt into it')
  }
  return {
    outcome: 'checked-out',
    start,
    onBranch,
    wip: wip?.commit ?? null,
    ...(merging === null ? {} : { merging }),
  }
}

interface Refs { defaultBranch: string | null, tips: Map<string, string>, wip: string | null }

async function readRefs(git: Git, url: string, access: GitAccess, wipAt: string): Promise<Refs> {
  const lines = (await git(['ls-remote', '--symref', url, 'HEAD', 'refs/heads/*', wipAt], { access })).split('\n')
  const defaultBranch = lines
    .map(line => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1])
    .find(name => name !== undefined)
  const tips = lines.map(line => /^([\da-f]{40})\trefs\/heads\/(.+)$/.exec(line)).filter(match => match !== null)
  const wip = lines.find(line => line.endsWith(`\t${wipAt}`))?.split('\t')[0] ?? null
  return {
    defaultBranch: defaultBranch ?? null,
    wip,
    tips: new Map(tips.map(([, sha, name]) => [name ?? '', sha ?? ''])),
  }
}

type Place = { start: string, from: string, base: string } | { kind: 'repository-empty' | 'checkout', reason: string }

/** Where the agent begins: at the task's branch if there is one, else at the base. Exported for its table of cases. */
export function findStart(
  spec: { repository: string, branch: string, base: string | null },
  { defaultBranch, tips }: Omit<Refs, 'wip'>,
): Place {
  if (tips.size === 0) {
    return {
      kind: 'repository-empty',
      reason: `${spec.repository} has no commit yet. Push a first one, then try again.`,
    }
  }
  const base = spec.base ?? defaultBranch
  if (base === null || !tips.has(base)) {
    const why = base === null ? 'says no default branch' : `has no branch ${base}`
    return {
      kind: 'checkout',
      reason: `${spec.repository} ${why}. Name a base branch that exists: ${[...tips.keys()].slice(0, MAX_NAMED).join(', ')}.`,
    }
  }
  const from = tips.has(spec.branch) ? spec.branch : base
  return { start: tips.get(from) ?? '', from, base }
}

/** How many branches a sentence can hold. */
const MAX_NAMED = 5

/** Leaves the conflicts with the base in the files, marked. Answers the commit of the base. */
async function beginMerge(git: Git, base: string): Promise<string> {
  try {
    await git(['merge', '--quiet', '--no-commit', '--no-ff', '--no-verify', `refs/remotes/origin/${base}`], {
      env: NOBODY,
    })
  }
  catch (error) {
    // It exits with 1 when there are conflicts: they are what the attempt is for.
    if (!(error instanceof GitError) || error.exitCode !== 1)
      throw error
  }
  return (await git(['rev-parse', `refs/remotes/origin/${base}`])).trim()
}

/** Git merges only for somebody, even when nothing is committed. */
const NOBODY = {
  GIT_COMMITTER_NAME: 'mainloop',
  GIT_COMMITTER_EMAIL: 'mainloop@users.noreply.invalid',
  GIT_AUTHOR_NAME: 'mainloop',
  GIT_AUTHOR_EMAIL: 'mainloop@users.noreply.invalid',
}

interface Fetching {
  url: string
  access: GitAccess
  refspecs: readonly string[]
  /** With all history: a merge needs the commit both come from. */
  whole: boolean
}

async function fetchRefs(git: Git, { url, access, refspecs, whole }: Fetching): Promise<void> {
  await git(['init', '--quiet', '--template='])
  await git(['remote', 'add', 'origin', url])
  await git(
    [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-recurse-submodules',
      FILTER,
      ...(whole ? [] : [`--depth=${HISTORY_DEPTH}`]),
      'origin',
      ...refspecs,
    ],
    { access },
  )
}

/** The large files of these commits, but not of what they come from. */
async function fetchLargeFiles(git: Git, commits: readonly string[], access: GitAccess): Promise<void> {
  const objects = (await git(['rev-list', '--objects', '--no-walk', '--missing=print', ...commits])).split('\n')
  const missing = objects.filter(line => line.startsWith('?')).map(line => `${line.slice(1)}\n`)
  if (missing.length > 0) {
    await git(
      ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--stdin', 'origin'],
      { access, input: missing.join('') },
    )
  }
}

/** The unfinished work and the commit it was made on; null when the task's branch has moved on since. */
async function findWip(
  git: Git,
  commit: string,
  tip: string | null,
): Promise<{ commit: string, start: string } | null> {
  const [start, ...others] = (await git(['rev-parse', `${commit}^@`])).trim().split('\n')
  return start === undefined || others.length > 0 || (tip !== null && start !== tip) ? null : { commit, start }
}
