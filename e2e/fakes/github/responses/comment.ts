import type { Links } from '../links.ts'
import type { Comment, Issue, Pull, Repository } from '../state.ts'
import { nodeId, repositoryApi } from '../links.ts'
import { issuePage } from './issue.ts'
import { pullPage } from './pull.ts'
import { userResponse } from './user.ts'

interface Source { links: Links, repository: Repository, issue: Pull | Issue, comment: Comment }

export function commentResponse({ links, repository, issue, comment }: Source) {
  const api = repositoryApi(links, repository)
  const page = 'head' in issue ? pullPage(links, repository, issue) : issuePage(links, repository, issue)
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${api}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`,
    user: userResponse(links, comment.user),
    body: comment.body,
    author_association: 'COLLABORATOR',
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
  }
}
