import type { Links } from '../links.ts'
import type { Issue, Pull, Repository } from '../state.ts'
import { nodeId, repositoryApi, repositoryPage } from '../links.ts'
import { pullPage } from './pull.ts'
import { userResponse } from './user.ts'

export function issuePage(links: Links, repository: Repository, { number }: Issue): string {
  return `${repositoryPage(links, repository)}/issues/${number}`
}

/** GitHub lists pull requests as issues too, marked by the field `pull_request`. */
export function issueResponse(links: Links, repository: Repository, issue: Issue | Pull) {
  const api = repositoryApi(links, repository)
  const url = `${api}/issues/${issue.number}`
  const isPull = 'head' in issue
  const page = isPull ? pullPage(links, repository, issue) : issuePage(links, repository, issue)
  return {
    id: issue.id,
    node_id: nodeId(isPull ? 'PR' : 'I', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: isPull ? null : issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: userResponse(links, issue.user),
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments: issue.comments.length,
    closed_at: issue.closedAt?.toISOString() ?? null,
    created_at: issue.createdAt.toISOString(),
    updated_at: issue.updatedAt.toISOString(),
    author_association: 'COLLABORATOR',
    ...(isPull
      ? {
          draft: issue.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.merged?.at.toISOString() ?? null,
          },
        }
      : {}),
  }
}
