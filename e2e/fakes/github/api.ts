import type { Context } from 'hono'
import type { Hub } from './hub.ts'
import type { Operation } from './openapi.ts'
import type { Pushes } from './pushes.ts'
import type { Route } from './route.ts'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { accountOf } from './accounts.ts'
import { ApiError, badCredentials, noAccess, notFound } from './api-error.ts'
import { createAppRoutes } from './app-routes.ts'
import { mustPermit } from './apps.ts'
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

/** The REST and GraphQL API. Every request and every answer is held against GitHub's description of it. */
export function createApi({ hub, routes, pushes }: ApiDeps): Hono {
  const describe = loadOpenApi()
  const api = new Hono()
    .use(rateLimit(hub))
    .use(etag({ weak: true }))
    .post('/graphql', c => answerGraphQL(hub, c))
    .route('/', createAppRoutes(hub))

  // Those that swallow the rest of a path come last, or they would take what is another's.
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
  const wrongRequest = operation.request({ params, query, body })
  if (wrongRequest.length > 0)
    return respondViolation(hub, c, wrongRequest)

  const answer = await catchApiError(async () => {
    const account = accountOf(hub.state, c.req.header('authorization'), hub.now())
    if (!account)
      throw badCredentials()
    const repository = findRepository(hub.state, `${params.owner}/${params.repo}`)
    // What may not be seen is not there: GitHub does not say which.
    if (!repository || levelOf(account, repository) === 'none')
      throw notFound()
    const level = levelOf(account, repository)
    if (route.needs === 'write' && level !== 'write')
      throw noAccess()
    mustPermit(account, route.path, route.method, c)
    const { user } = account
    return route.handle({ hub, account, user, level, repository, params, query, body, url: publicUrl(hub, c), pushed: () => pushes.announce(repository, user) })
  })

  const wrongResponse = operation.answer(answer)
  if (wrongResponse.length > 0)
    return respondViolation(hub, c, wrongResponse)
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value)
  return answer.status === 204 ? c.body(null, 204) : answer.body === undefined ? c.body(null, answer.status) : c.json(answer.body, answer.status)
}

async function catchApiError<T>(handle: () => Promise<T>): Promise<T | { status: ApiError['status'], body: unknown, headers?: never }> {
  try {
    return await handle()
  }
  catch (error) {
    if (error instanceof ApiError)
      return { status: error.status, body: error.body }
    throw error
  }
}

/** Links must lead where the client is, whatever it called the host. */
function publicUrl({ links }: Hub, c: Context): URL {
  const url = new URL(c.req.url)
  return new URL(url.pathname + url.search, links.server)
}

const ENDS_IN_REF = /\{(ref|branch)\}$/

/** A branch or ref may hold slashes where it ends the path; elsewhere clients encode them. */
function honoPath(path: string): string {
  return path.replace(ENDS_IN_REF, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1')
}
