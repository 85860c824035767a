import type { Links } from '../links.ts'
import type { Label, Pull, Repository } from '../state.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { repositoryResponse } from './repository.ts'
import { userResponse } from './user.ts'

export function pullPage(links: Links, repository: Repository, { number }: Pull): string {
  return `${repositoryPage(links, repository)}/pull/${number}`
}

export function labelResponse(links: Links, repository: Repository, { id, name }: Label) {
  return {
    id,
    node_id: nodeId('LA', id),
    url: `${repositoryApi(links, repository)}/labels/${name}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  }
}

/** The form of a pull request in lists. */
export function simplePullResponse(links: Links, repository: Repository, pull: Pull) {
  const api = repositoryApi(links, repository)
  const url = `${api}/pulls/${pull.number}`
  const issue = `${api}/issues/${pull.number}`
  const page = pullPage(links, repository, pull)
  const statuses = `${api}/statuses/${pull.head.sha}`
  const end = ({ ref, sha }: { ref: string, sha: string }) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: userResponse(links, repository.owner),
    repo: repositoryResponse(links, repository),
  })
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userResponse(links, pull.user),
    body: pull.body,
    draft: pull.draft,
    labels: pull.labels.map(label => labelResponse(links, repository, label)),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    author_association: 'COLLABORATOR',
    auto_merge: null,
    created_at: pull.createdAt.toISOString(),
    updated_at: pull.updatedAt.toISOString(),
    closed_at: pull.closedAt?.toISOString() ?? null,
    merged_at: pull.merged?.at.toISOString() ?? null,
    merge_commit_sha: pull.merged?.commit ?? null,
    head: end(pull.head),
    base: end(pull.base),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
  }
}

export interface PullFigures {
  /** null for a closed pull request: GitHub does not compute it any more. */
  mergeable: boolean | null
  mergeableState: 'clean' | 'dirty' | 'draft' | 'unstable' | 'unknown'
  commits: number
  additions: number
  deletions: number
  changedFiles: number
}

/** The full form of a pull request, for a request by number. */
export function pullResponse({ links, repository, pull, figures }: { links: Links, repository: Repository, pull: Pull, figures: PullFigures }) {
  return {
    ...simplePullResponse(links, repository, pull),
    merged: pull.merged !== null,
    merged_by: pull.merged ? userResponse(links, pull.merged.by) : null,
    mergeable: figures.mergeable,
    mergeable_state: figures.mergeableState,
    rebaseable: figures.mergeable,
    maintainer_can_modify: false,
    comments: pull.comments.length,
    review_comments: pull.lineComments.length,
    commits: figures.commits,
    additions: figures.additions,
    deletions: figures.deletions,
    changed_files: figures.changedFiles,
  }
}
