import type { GitAccess, InputOf, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { Git } from '../git/git.ts'
import { mkdir } from 'node:fs/promises'
import { cleanEnv } from '../../job/clean-env.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { NO_USAGE } from '../../job/no-usage.ts'
import { wipRef } from '../../job/wip-ref.ts'
import { BOT_IDENTITY } from '../git/bot-identity.ts'
import { explainGitFailure } from '../git/explain-git-failure.ts'
import { createGit, GitError, remoteUrl } from '../git/git.ts'
import { TooLargeError, withinSize } from '../git/within-size.ts'
import { lostPublication } from './lost-publication.ts'

/** Commits: enough for `git blame` and `git log` to be useful, few enough for a large repository. */
const HISTORY_DEPTH = 50

/** Leaves large files of older commits on the server. Smaller ones are fetched, because the agent has no token. */
const FILTER = '--filter=blob:limit=1m'

/**
 * Checks out the task's branch into the workspace, or its base if the remote has no such branch yet. Submodules
 * and LFS files are not fetched. The workspace does not contain the token.
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
      const reason = `${spec.repository} is larger than the ${spec.checkoutMb} MB a checkout may have. `
        + 'Set MAINLOOP_CHECKOUT_MB of the runner to more if there is room for it, then try again.'
      return { outcome: 'failed', kind: 'checkout', reason, usage: NO_USAGE }
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
  // Comparing with older commits may need a large file that is still on the server.
  const online: Git = (args, call) => git(args, { access, ...call })
  const url = remoteUrl(access, spec.repository)
  const refs = await readRefs(git, url, access, wipRef(spec.task))
  const point = findStartPoint(spec, refs)
  if ('reason' in point)
    return { outcome: 'failed', ...point, usage: NO_USAGE }
  const { branch, base, commit } = point
  const onBranch = branch === spec.branch
  const merges = spec.mergeBase && branch !== base
  const branches = [...new Set([branch, base])].map(name => `+refs/heads/${name}:${remoteBranch(name)}`)
  const refspecs = refs.wip === null ? branches : [...branches, wipRef(spec.task)]
  await fetchRefs(git, { url, access, refspecs, whole: merges })
  await fetchLargeFiles(git, [commit, remoteBranch(base), ...(refs.wip === null ? [] : [refs.wip])], access)
  const lost = onBranch ? await lostPublication(online, spec, commit) : null
  if (lost) {
    log('info', `The last attempt had pushed ${commit.slice(0, 7)} before it could say so`)
    return lost
  }

  const wip = refs.wip === null ? null : await findWip(git, refs.wip, onBranch ? commit : null)
  const start = wip?.start ?? commit
  await git(['checkout', '--quiet', '-B', spec.branch, start])
  log('info', `Checked out ${spec.repository} at ${branch} (${start.slice(0, 7)})`)
  const merging = merges ? await beginMerge(online, base) : null
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

function remoteBranch(branch: string): string {
  return `refs/remotes/origin/${branch}`
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

type StartPoint
  = | { commit: string, branch: string, base: string }
    | { kind: 'repository-empty' | 'checkout', reason: string }

/** The tip of the task's branch, or of the base if the remote has no such branch. Exported for its test. */
export function findStartPoint(
  spec: { repository: string, branch: string, base: string | null },
  { defaultBranch, tips }: Omit<Refs, 'wip'>,
): StartPoint {
  if (tips.size === 0) {
    return {
      kind: 'repository-empty',
      reason: `${spec.repository} has no commit yet. Push a first one, then try again.`,
    }
  }
  const base = spec.base ?? defaultBranch
  if (base === null || !tips.has(base)) {
    const why = base === null ? 'says no default branch' : `has no branch ${base}`
    const names = [...tips.keys()].slice(0, MAX_NAMED).join(', ')
    return {
      kind: 'checkout',
      reason: `${spec.repository} ${why}. Name a base branch that exists: ${names}.`,
    }
  }
  const branch = tips.has(spec.branch) ? spec.branch : base
  return { commit: tips.get(branch) ?? '', branch, base }
}

/** More branches would not fit one sentence. */
const MAX_NAMED = 5

/** Starts a merge and leaves its conflicts in the files. Returns the commit of the base. */
async function beginMerge(git: Git, base: string): Promise<string> {
  try {
    const args = ['merge', '--quiet', '--no-commit', '--no-ff', '--no-verify', remoteBranch(base)]
    // Git needs an identity to merge, even without a commit.
    await git(args, { env: BOT_IDENTITY })
  }
  catch (error) {
    // Git exits with 1 on conflicts, which the attempt is to resolve.
    if (!(error instanceof GitError) || error.exitCode !== 1)
      throw error
  }
  return (await git(['rev-parse', remoteBranch(base)])).trim()
}

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules']

interface FetchOptions {
  url: string
  access: GitAccess
  refspecs: readonly string[]
  /** Fetches all history, because a merge needs the common ancestor. */
  whole: boolean
}

async function fetchRefs(git: Git, { url, access, refspecs, whole }: FetchOptions): Promise<void> {
  await git(['init', '--quiet', '--template='])
  await git(['remote', 'add', 'origin', url])
  const depth = whole ? [] : [`--depth=${HISTORY_DEPTH}`]
  await git([...FETCH, FILTER, ...depth, 'origin', ...refspecs], { access })
}

/** Fetches the large files of the commits, but not those of their ancestors. */
async function fetchLargeFiles(git: Git, commits: readonly string[], access: GitAccess): Promise<void> {
  const objects = (await git(['rev-list', '--objects', '--no-walk', '--missing=print', ...commits])).split('\n')
  const missing = objects.filter(line => line.startsWith('?')).map(line => `${line.slice(1)}\n`)
  if (missing.length > 0)
    await git([...FETCH, '--no-write-fetch-head', '--stdin', 'origin'], { access, input: missing.join('') })
}

/** The unfinished work and the commit it was made on. Null if the task's branch has moved on since. */
async function findWip(
  git: Git,
  commit: string,
  tip: string | null,
): Promise<{ commit: string, start: string } | null> {
  const [start, ...others] = (await git(['rev-parse', `${commit}^@`])).trim().split('\n')
  return start === undefined || others.length > 0 || (tip !== null && start !== tip) ? null : { commit, start }
}
