import type { Route } from '../route.ts'
import { must } from '#shared/lib/must.ts'
import { newestBy, statuses } from '../checks.ts'
import { paginate } from '../paginate.ts'
import { combinedStatusResponse, statusResponse } from '../responses/status.ts'
import { resolveCommit } from './checks.ts'

export const statusRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/commits/{ref}/status',
    needs: 'read',
    handle: async (call) => {
      const { hub: { links }, repository } = call
      const sha = await resolveCommit(call, must(call.params.ref, 'ref'))
      const { items, headers } = paginate(call, newestBy(statuses(repository, sha), status => status.context))
      return { status: 200, headers, body: combinedStatusResponse({ links, repository, sha, statuses: items }) }
    },
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/commits/{ref}/statuses',
    needs: 'read',
    handle: async (call) => {
      const { hub: { links }, repository } = call
      const { items, headers } = paginate(call, statuses(repository, await resolveCommit(call, must(call.params.ref, 'ref'))))
      return { status: 200, headers, body: items.map(status => statusResponse(links, repository, status)) }
    },
  },
]
