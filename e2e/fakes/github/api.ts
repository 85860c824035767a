import type { Context } from 'hono'
import type { Hub } from './hub.ts'
import type { Operation } from './openapi.ts'
import type { Pushes } from './pushes.ts'
import type { Route } from './route.ts'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { accountOf } from './accounts.ts'
import { badCredentials, catchApiError, noAccess, notFound } from './api-error.ts'
import { createAppRoutes } from './app-routes.ts'
import { requirePermission } from './apps.ts'
import { answerGraphQL } from './graphql.ts'
import { loadOpenApi } from './openapi.ts'
import { rateLimit } from './rate-limit.ts'
import { respondViolation } from './respond-violation.ts'
import { findRepository, levelOf } from './state.ts'

interface ApiDeps {
  hub: Hub
  routes: readonly Route[]
  pushes: Pushes
}

/** The REST and GraphQL API. Every request and every response is validated against GitHub's description of it. */
export function createApi({ hub, routes, pushes }: ApiDeps): Hono {
  const describe = loadOpenApi()
  const api = new Hono()
    .use(rateLimit(hub))
    .use(etag({ weak: true }))
    .post('/graphql', c => answerGraphQL(hub, c))
    .route('/', createAppRoutes(hub))

  // Routes that match the rest of a path are registered last, or they would shadow longer ones.
  for (const route of routes.toSorted((a, b) => Number(ENDS_IN_REF.test(a.path)) - Number(ENDS_IN_REF.test(b.path))))
    api.on(route.method, honoPath(route.path), c => answerRest({ hub, route, pushes, operation: describe(route.method, route.path) }, c))

  return api
    .all('*', c => respondViolation(hub, c, ['the fake does not have this; add it to its routes']))
    .onError((error, c) => respondViolation(hub, c, [error.stack ?? error.message]))
}

async function answerRest(
  { hub, route, pushes, operation }: Pick<ApiDeps, 'hub' | 'pushes'> & { route: Route, operation: Operation },
  c: Context,
): Promise<Response> {
  const params = c.req.param()
  const query = c.req.query()
  const text = await c.req.text()
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  const requestProblems = operation.request({ params, query, body })
  if (requestProblems.length > 0)
    return respondViolation(hub, c, requestProblems)

  const response = await catchApiError(async () => {
    const account = accountOf(hub.state, c.req.header('authorization'), hub.now())
    if (!account)
      throw badCredentials()
    const repository = findRepository(hub.state, `${params.owner}/${params.repo}`)
    const level = repository ? levelOf(account, repository) : 'none'
    // GitHub answers 404 in both cases, so that nobody learns which repositories exist.
    if (!repository || level === 'none')
      throw notFound()
    if (route.needs === 'write' && level !== 'write')
      throw noAccess()
    requirePermission(account, route.path, route.method, c)
    const { user } = account
    const announcePush = () => pushes.announce(repository, user)
    return route.handle({ hub, account, user, level, repository, params, query, body, url: publicUrl(hub, c), announcePush })
  })

  const responseProblems = operation.response(response)
  if (responseProblems.length > 0)
    return respondViolation(hub, c, responseProblems)
  for (const [name, value] of Object.entries(response.headers ?? {}))
    c.header(name, value)
  if (response.status === 204)
    return c.body(null, 204)
  return response.body === undefined ? c.body(null, response.status) : c.json(response.body, response.status)
}

/** A client may reach the fake under another host name, but links always name the fake's own address. */
function publicUrl({ links }: Hub, c: Context): URL {
  const url = new URL(c.req.url)
  return new URL(url.pathname + url.search, links.server)
}

const ENDS_IN_REF = /\{(ref|branch|path)\}$/

/** A branch, ref or path at the end of a path may contain slashes; elsewhere clients encode them. */
function honoPath(path: string): string {
  return path.replace(ENDS_IN_REF, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1')
}
