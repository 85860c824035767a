import type { Route } from '../route.ts'
import * as z from 'zod'
import { addComment, findComment, findIssueOrPull } from '../comments.ts'
import { paginate } from '../paginate.ts'
import { commentResponse } from '../responses/comment.ts'
import { reactionResponse } from '../responses/review.ts'

const commentBody = z.object({ body: z.string() })

export const commentRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params, query } = call
      const issue = findIssueOrPull(repository, Number(params.issue_number))
      const since = query.since === undefined ? 0 : Date.parse(query.since)
      const { items, headers } = paginate(call, issue.comments.filter(comment => comment.updatedAt.getTime() >= since))
      return { status: 200, headers, body: items.map(comment => commentResponse({ links, repository, issue, comment })) }
    },
  },
  {
    method: 'post',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: 'write',
    handle: async ({ hub, repository, params, user, body }) => {
      const issue = findIssueOrPull(repository, Number(params.issue_number))
      const comment = await addComment(hub, repository, issue, { user, ...commentBody.parse(body) })
      return { status: 201, body: commentResponse({ links: hub.links, repository, issue, comment }) }
    },
  },
  {
    method: 'patch',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    needs: 'write',
    handle: ({ hub, repository, params, body }) => {
      const { issue, comment } = findComment(repository, Number(params.comment_id))
      Object.assign(comment, commentBody.parse(body), { updatedAt: hub.now() })
      return { status: 200, body: commentResponse({ links: hub.links, repository, issue, comment }) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params, query } = call
      const { comment } = findComment(repository, Number(params.comment_id))
      const { items, headers } = paginate(call, comment.reactions.filter(({ content }) => query.content === undefined || content === query.content))
      return { status: 200, headers, body: items.map(reaction => reactionResponse(links, reaction)) }
    },
  },
]
