import type { Links } from '../links.ts'
import type { LineComment, Pull, Reaction, Repository, Review } from '../state.ts'
import { nodeId, repositoryApi } from '../links.ts'
import { pullPage } from './pull.ts'
import { userResponse } from './user.ts'

interface Source { links: Links, repository: Repository, pull: Pull }

export function reviewResponse({ links, repository, pull }: Source, review: Review) {
  const pullUrl = `${repositoryApi(links, repository)}/pulls/${pull.number}`
  const page = `${pullPage(links, repository, pull)}#pullrequestreview-${review.id}`
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userResponse(links, review.user),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt.toISOString(),
    commit_id: review.sha,
    author_association: 'COLLABORATOR',
  }
}

export function lineCommentResponse({ links, repository, pull }: Source, comment: LineComment) {
  const api = repositoryApi(links, repository)
  const pullUrl = `${api}/pulls/${pull.number}`
  const url = `${api}/pulls/comments/${comment.id}`
  const page = `${pullPage(links, repository, pull)}#discussion_r${comment.id}`
  return {
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    url,
    pull_request_review_id: comment.reviewId,
    diff_hunk: comment.hunk,
    path: comment.path,
    commit_id: pull.head.sha,
    original_commit_id: comment.sha,
    ...comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo },
    user: userResponse(links, comment.user),
    body: comment.body,
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
    html_url: page,
    pull_request_url: pullUrl,
    author_association: 'COLLABORATOR',
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
  }
}

export function reactionResponse(links: Links, { id, user, content, createdAt }: Reaction) {
  return { id, node_id: nodeId('REA', id), user: userResponse(links, user), content, created_at: createdAt.toISOString() }
}
