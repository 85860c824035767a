import type { Call, Route } from '../route.ts'
import type { Pull } from '../state.ts'
import * as z from 'zod'
import { paginate } from '../paginate.ts'
import { editPull, findPull, mergePull, openPull, pullFigures } from '../pulls.ts'
import { pullResponse, simplePullResponse } from '../responses/pull.ts'

const createBody = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullable().default(null),
  draft: z.boolean().default(false),
})
const updateBody = z.object({ title: z.string().optional(), body: z.string().optional(), state: z.enum(['open', 'closed']).optional() })
const mergeBody = z.object({ sha: z.string().optional() }).default({})

export const pullRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/pulls',
    needs: 'read',
    handle: (call) => {
      const { items, headers } = paginate(call, matchingPulls(call))
      return { status: 200, headers, body: items.map(pull => simplePullResponse(call.hub.links, call.repository, pull)) }
    },
  },
  {
    method: 'post',
    path: '/repos/{owner}/{repo}/pulls',
    needs: 'write',
    handle: async (call) => {
      const { hub, repository, user } = call
      const pull = await openPull(hub, repository, { ...createBody.parse(call.body), user })
      return { status: 201, body: await fullResponse(call, pull) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    needs: 'read',
    handle: async call => ({ status: 200, body: await fullResponse(call, requestedPull(call)) }),
  },
  {
    method: 'patch',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    needs: 'write',
    handle: async (call) => {
      const pull = requestedPull(call)
      await editPull(call.hub, call.repository, pull, updateBody.parse(call.body))
      return { status: 200, body: await fullResponse(call, pull) }
    },
  },
  {
    method: 'put',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    needs: 'write',
    handle: async (call) => {
      const sha = await mergePull(call.hub, call.repository, requestedPull(call), { by: call.user, ...mergeBody.parse(call.body ?? {}) })
      await call.announcePush()
      return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } }
    },
  },
]

function requestedPull({ repository, params }: Call): Pull {
  return findPull(repository, Number(params.pull_number))
}

async function fullResponse({ hub, repository }: Call, pull: Pull) {
  return pullResponse({ links: hub.links, repository, pull, figures: await pullFigures(repository, pull) })
}

function matchingPulls({ repository, query }: Call): Pull[] {
  const { state = 'open', head, base, sort = 'created' } = query
  const direction = query.direction ?? (sort === 'created' ? 'desc' : 'asc')
  const time = (pull: Pull) => (sort === 'updated' ? pull.updatedAt : pull.createdAt).getTime()
  const found = repository.pulls.filter(pull =>
    (state === 'all' || pull.state === state)
    && (base === undefined || pull.base.ref === base)
    // GitHub ignores a head without its owner and then lists all pull requests.
    && (!head?.includes(':') || head.toLowerCase() === `${repository.owner.login}:${pull.head.ref}`.toLowerCase()))
  const ascending = found.toSorted((a, b) => time(a) - time(b) || a.number - b.number)
  return direction === 'asc' ? ascending : ascending.toReversed()
}
