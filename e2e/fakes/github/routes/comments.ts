import type { Route } from '../route.ts'
import * as z from 'zod'
import { addComment, findComment, findIssueOrPull } from '../comments.ts'
import { paginate } from '../paginate.ts'
import { commentResponse } from '../responses/comment.ts'
import { reactionResponse } from '../responses/review.ts'

const written = z.object({ body: z.string() })

export const commentRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params, query } = call
      const on = findIssueOrPull(repository, Number(params.issue_number))
      const since = query.since === undefined ? 0 : Date.parse(query.since)
      const { items, headers } = paginate(call, on.comments.filter(comment => comment.updatedAt.getTime() >= since))
      return { status: 200, headers, body: items.map(comment => commentResponse({ links, repository, on, comment })) }
    },
  },
  {
    method: 'post',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    needs: 'write',
    handle: async ({ hub, repository, params, user, body }) => {
      const on = findIssueOrPull(repository, Number(params.issue_number))
      const comment = await addComment(hub, repository, on, { user, ...written.parse(body) })
      return { status: 201, body: commentResponse({ links: hub.links, repository, on, comment }) }
    },
  },
  {
    method: 'patch',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    needs: 'write',
    handle: ({ hub, repository, params, body }) => {
      const { on, comment } = findComment(repository, Number(params.comment_id))
      Object.assign(comment, written.parse(body), { updatedAt: hub.now() })
      return { status: 200, body: commentResponse({ links: hub.links, repository, on, comment }) }
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
