import type { Hub } from './hub.ts'
import type { PullFigures } from './responses/pull.ts'
import type { Pull, Repository, User } from './state.ts'
import { must } from '#shared/lib/must.ts'
import { ApiError, notFound, validationFailed } from './api-error.ts'
import { checkConclusions } from './checks.ts'
import { newId, nextNumber } from './state.ts'

export function findPull(repository: Repository, number: number): Pull {
  const pull = repository.pulls.find(one => one.number === number)
  if (!pull)
    throw notFound()
  return pull
}

interface NewPull {
  title: string
  body: string | null
  /** A branch, or `owner:branch`. */
  head: string
  base: string
  draft: boolean
  user: User
}

export async function openPull(hub: Hub, repository: Repository, { title, body, base, draft, user, ...rest }: NewPull): Promise<Pull> {
  const head = rest.head.replace(new RegExp(`^${repository.owner.login}:`, 'i'), '')
  const [headSha, baseSha] = await Promise.all([repository.git.resolve(`refs/heads/${head}`), repository.git.resolve(`refs/heads/${base}`)])
  if (!headSha)
    throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' })
  if (!baseSha)
    throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' })
  if (repository.pulls.some(pull => pull.state === 'open' && pull.head.ref === head && pull.base.ref === base))
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${repository.owner.login}:${head}.` })
  if (!(await repository.git.related(baseSha, headSha)))
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message: `The ${base} branch has no history in common with ${head}` })
  if ((await repository.git.commits(headSha, baseSha)).length === 0)
    throw validationFailed({ resource: 'PullRequest', code: 'custom', message: `No commits between ${base} and ${head}` })
  if (draft && !repository.drafts)
    throw new ApiError(422, 'Draft pull requests are not supported in this repository.')

  const now = hub.now()
  const pull: Pull = {
    id: newId(hub.state),
    number: nextNumber(repository),
    title,
    body,
    draft,
    state: 'open',
    user,
    head: { ref: head, sha: headSha },
    base: { ref: base, sha: baseSha },
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    merged: null,
    comments: [],
    reviews: [],
    lineComments: [],
    labels: [],
    edits: new Map(),
  }
  repository.pulls.push(pull)
  await hub.emit({ type: 'pull', action: 'opened', repository, pull })
  return pull
}

interface PullEdit { title?: string | undefined, body?: string | undefined, state?: 'open' | 'closed' | undefined }

export async function editPull(hub: Hub, repository: Repository, pull: Pull, edit: PullEdit): Promise<void> {
  if (edit.state === 'open' && pull.merged)
    throw validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid' })
  pull.title = edit.title ?? pull.title
  pull.body = edit.body ?? pull.body
  pull.updatedAt = hub.now()
  if (edit.state !== undefined && edit.state !== pull.state) {
    pull.state = edit.state
    pull.closedAt = edit.state === 'closed' ? hub.now() : null
    return hub.emit({ type: 'pull', action: edit.state === 'closed' ? 'closed' : 'reopened', repository, pull })
  }
  pull.edits.set(pull.head.sha, (pull.edits.get(pull.head.sha) ?? 0) + 1)
  await hub.emit({ type: 'pull', action: 'edited', repository, pull })
}

export async function labelPull(hub: Hub, repository: Repository, pull: Pull, name: string): Promise<void> {
  const label = { id: newId(hub.state), name }
  pull.labels.push(label)
  pull.updatedAt = hub.now()
  await hub.emit({ type: 'pull', action: 'labeled', repository, pull, label })
}

export async function markReady(hub: Hub, repository: Repository, pull: Pull): Promise<void> {
  if (!pull.draft)
    return
  pull.draft = false
  pull.updatedAt = hub.now()
  await hub.emit({ type: 'pull', action: 'ready_for_review', repository, pull })
}

/** Merges with a merge commit, like GitHub's green button, and returns that commit. The caller announces the push. */
export async function mergePull(hub: Hub, repository: Repository, pull: Pull, { by, sha }: { by: User, sha?: string | undefined }): Promise<string> {
  if (pull.state === 'closed' || pull.draft)
    throw new ApiError(405, pull.draft ? 'Pull Request is still a draft' : 'Pull Request is not mergeable')
  if (sha !== undefined && sha !== pull.head.sha)
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.')
  const base = must(await repository.git.resolve(`refs/heads/${pull.base.ref}`), `base of pull request ${pull.number}`)
  const tree = await repository.git.mergeTree(base, pull.head.sha)
  if (!tree)
    throw new ApiError(405, 'Pull Request has merge conflicts')
  const message = `Merge pull request #${pull.number} from ${repository.owner.login}/${pull.head.ref}\n\n${pull.title}\n`
  const commit = await repository.git.commitTree({ branch: pull.base.ref, tree, parents: [base, pull.head.sha], message })
  pull.state = 'closed'
  pull.closedAt = hub.now()
  pull.updatedAt = pull.closedAt
  pull.merged = { at: pull.closedAt, by, commit }
  await hub.emit({ type: 'pull', action: 'closed', repository, pull })
  return commit
}

/** Updates open pull requests when their branches move, and closes one when its branch is deleted. */
export function followPushes(hub: Hub): void {
  hub.listen(async (event) => {
    if (event.type !== 'push')
      return
    const { repository, branch, after } = event
    for (const pull of repository.pulls.filter(one => one.state === 'open')) {
      if (pull.base.ref === branch && after)
        pull.base.sha = after
      if (pull.head.ref !== branch || pull.head.sha === after)
        continue
      const before = pull.head.sha
      pull.updatedAt = hub.now()
      if (after)
        pull.head.sha = after
      else
        [pull.state, pull.closedAt] = ['closed', hub.now()]
      await hub.emit({ type: 'pull', action: after ? 'synchronize' : 'closed', repository, pull, before })
    }
  })
}

export async function pullFigures(repository: Repository, pull: Pull): Promise<PullFigures> {
  const base = pull.merged ? `${pull.merged.commit}^1` : pull.base.sha
  const [tree, commits, diff] = await Promise.all([
    pull.state === 'open' ? repository.git.mergeTree(pull.base.sha, pull.head.sha) : null,
    repository.git.commits(pull.head.sha, base),
    repository.git.diff(base, pull.head.sha),
  ])
  const lines = diff.split('\n')
  const mergeable = pull.state === 'open' ? tree !== null : null
  return {
    mergeable,
    mergeableState: mergeableState(repository, pull, mergeable),
    commits: commits.length,
    additions: lines.filter(line => line.startsWith('+') && !line.startsWith('+++')).length,
    deletions: lines.filter(line => line.startsWith('-') && !line.startsWith('---')).length,
    changedFiles: lines.filter(line => line.startsWith('diff --git ')).length,
  }
}

function mergeableState(repository: Repository, pull: Pull, mergeable: boolean | null): PullFigures['mergeableState'] {
  if (mergeable === null)
    return 'unknown'
  if (!mergeable)
    return 'dirty'
  if (pull.draft)
    return 'draft'
  return isUnstable(repository, pull.head.sha) ? 'unstable' : 'clean'
}

function isUnstable(repository: Repository, sha: string): boolean {
  return checkConclusions(repository, sha).some(conclusion => conclusion === null || !['success', 'neutral', 'skipped'].includes(conclusion))
}
