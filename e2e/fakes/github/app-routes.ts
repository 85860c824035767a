import type { Hub } from './hub.ts'
import type { Method } from './openapi.ts'
import type { App } from './state.ts'
import { Hono } from 'hono'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { catchApiError, notFound } from './api-error.ts'
import { appOf, appResponse, installationFor, installationResponse, mintInstallationToken } from './apps.ts'
import { loadOpenApi } from './openapi.ts'
import { respondViolation } from './respond-violation.ts'
import { repositoryResponse } from './responses/repository.ts'
import { findRepository } from './state.ts'

interface AppRoute {
  method: Method
  path: string
  handle: (call: { hub: Hub, app: App, params: Record<string, string>, body: unknown }) => { status: 200 | 201, body: unknown }
}

const tokenBody = z.object({ repositories: z.array(z.string()).optional(), permissions: z.record(z.string(), z.string()).optional() })

const routes: readonly AppRoute[] = [
  {
    method: 'get',
    path: '/app',
    handle: ({ hub, app }) => ({ status: 200, body: appResponse(hub.links, app, must([...hub.state.users.values()][0], 'a user'), hub.now()) }),
  },
  {
    method: 'get',
    path: '/app/installations',
    handle: ({ hub, app }) => ({ status: 200, body: app.installations.map(one => installationResponse(hub.links, app, one)) }),
  },
  {
    method: 'get',
    path: '/repos/{owner}/{repo}/installation',
    handle: ({ hub, app, params }) => {
      const repository = findRepository(hub.state, `${params.owner}/${params.repo}`)
      if (!repository)
        throw notFound()
      return { status: 200, body: installationResponse(hub.links, app, installationFor(app, repository)) }
    },
  },
  {
    method: 'post',
    path: '/app/installations/{installation_id}/access_tokens',
    handle: ({ hub, app, params, body }) => {
      const installation = app.installations.find(({ id }) => id === Number(params.installation_id))
      if (!installation)
        throw notFound()
      const requested = tokenBody.parse(body ?? {})
      const { token, account, repositories } = mintInstallationToken(hub.state, { app, installation, requested, now: hub.now() })
      return {
        status: 201,
        body: {
          token,
          expires_at: account.expiresAt.toISOString(),
          permissions: account.permissions,
          repository_selection: 'selected',
          repositories: repositories.map(one => repositoryResponse(hub.links, one)),
        },
      }
    },
  },
]

/** The routes that an App calls with its own JWT, validated against GitHub's description like all others. */
export function createAppRoutes(hub: Hub): Hono {
  const describe = loadOpenApi()
  const api = new Hono()
  for (const route of routes) {
    api.on(route.method, route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const operation = describe(route.method, route.path)
      const text = await c.req.text()
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const params: Record<string, string> = c.req.param()
      const requestProblems = operation.request({ params, query: c.req.query(), body })
      if (requestProblems.length > 0)
        return respondViolation(hub, c, requestProblems)
      const response = await catchApiError(async () => {
        const app = await appOf(hub.state, c.req.header('authorization'), hub.now())
        return route.handle({ hub, app, params, body })
      })
      const responseProblems = operation.response(response)
      return responseProblems.length > 0 ? respondViolation(hub, c, responseProblems) : c.json(response.body, response.status)
    })
  }
  return api
}
