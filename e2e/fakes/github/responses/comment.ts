import type { Links } from '../links.ts'
import type { Comment, Issue, Pull, Repository } from '../state.ts'
import { nodeId, repositoryApi } from '../links.ts'
import { issuePage } from './issue.ts'
import { pullPage } from './pull.ts'
import { userResponse } from './user.ts'

export function commentResponse({ links, repository, on, comment }: { links: Links, repository: Repository, on: Pull | Issue, comment: Comment }) {
  const api = repositoryApi(links, repository)
  const page = 'head' in on ? pullPage(links, repository, on) : issuePage(links, repository, on)
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${api}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${on.number}`,
    user: userResponse(links, comment.user),
    body: comment.body,
    author_association: 'COLLABORATOR',
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
  }
}
