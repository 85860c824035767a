import type { Route } from '../route.ts'
import * as z from 'zod'
import { addReply } from '../comments.ts'
import { changedFiles } from '../diff.ts'
import { paginate } from '../paginate.ts'
import { findPull } from '../pulls.ts'
import { lineCommentResponse, reviewResponse } from '../responses/review.ts'

const replyBody = z.object({ body: z.string() })

export const reviewRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params } = call
      const pull = findPull(repository, Number(params.pull_number))
      const { items, headers } = paginate(call, pull.reviews)
      return { status: 200, headers, body: items.map(review => reviewResponse({ links, repository, pull }, review)) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/comments',
    needs: 'read',
    handle: (call) => {
      const { hub: { links }, repository, params } = call
      const pull = findPull(repository, Number(params.pull_number))
      const { items, headers } = paginate(call, pull.lineComments)
      return { status: 200, headers, body: items.map(comment => lineCommentResponse({ links, repository, pull }, comment)) }
    },
  },
  {
    method: 'post',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
    needs: 'write',
    handle: ({ hub, repository, params, user, body }) => {
      const pull = findPull(repository, Number(params.pull_number))
      const reply = addReply(hub, pull, { user, to: Number(params.comment_id), ...replyBody.parse(body) })
      return { status: 201, body: lineCommentResponse({ links: hub.links, repository, pull }, reply) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
    needs: 'read',
    handle: async (call) => {
      const { hub: { links }, repository, params } = call
      const pull = findPull(repository, Number(params.pull_number))
      const diff = await repository.git.diff(pull.base.sha, pull.head.sha)
      const { items, headers } = paginate(call, changedFiles(links, repository, pull.head.sha, diff))
      return { status: 200, headers, body: items }
    },
  },
]
