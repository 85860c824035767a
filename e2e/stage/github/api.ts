import type { Context } from 'hono'
import type { Operation } from './description.ts'
import type { Hub } from './hub.ts'
import type { Pushes } from './pushes.ts'
import type { Route } from './route.ts'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { accountOf } from './accounts.ts'
import { createAppRoutes } from './app-routes.ts'
import { mustPermit } from './apps.ts'
import { openDescription } from './description.ts'
import { answerGraphQL } from './graphql.ts'
import { rateLimit } from './rate-limit.ts'
import { badCredentials, noAccess, notFound, Refusal } from './refusal.ts'
import { findRepository, levelOf } from './state.ts'

interface ApiDeps {
  hub: Hub
  routes: readonly Route[]
  pushes: Pushes
}

/** The REST and GraphQL API. Every request and every answer is held against GitHub's description of it. */
export function createApi({ hub, routes, pushes }: ApiDeps): Hono {
  const describe = openDescription()
  const api = new Hono()
    .use(rateLimit(hub))
    .use(etag({ weak: true }))
    .post('/graphql', c => answerGraphQL(hub, c))
    .route('/', createAppRoutes(hub, (c, reasons) => violated(hub, c, reasons)))

  // Those that swallow the rest of a path come last, or they would take what is another's.
  for (const route of routes.toSorted((a, b) => Number(ENDS_IN_REF.test(a.path)) - Number(ENDS_IN_REF.test(b.path))))
    api.on(route.method, honoPath(route.path), c => answerRest({ hub, route, pushes, operation: describe(route.method, route.path) }, c))

  return api
    .all('*', c => violated(hub, c, ['the stand-in does not have this; add it to its routes']))
    .onError((error, c) => violated(hub, c, [error.stack ?? error.message]))
}

async function answerRest({ hub, route, pushes, operation }: Pick<ApiDeps, 'hub' | 'pushes'> & { route: Route, operation: Operation }, c: Context): Promise<Response> {
  const params = c.req.param()
  const query = c.req.query()
  const text = await c.req.text()
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  const wrongRequest = operation.request({ params, query, body })
  if (wrongRequest.length > 0)
    return violated(hub, c, wrongRequest)

  const answer = await refusable(async () => {
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

  const wrongAnswer = operation.answer(answer)
  if (wrongAnswer.length > 0)
    return violated(hub, c, wrongAnswer)
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    c.header(name, value)
  return answer.status === 204 ? c.body(null, 204) : answer.body === undefined ? c.body(null, answer.status) : c.json(answer.body, answer.status)
}

async function refusable<T>(handle: () => Promise<T>): Promise<T | { status: Refusal['status'], body: unknown, headers?: never }> {
  try {
    return await handle()
  }
  catch (error) {
    if (error instanceof Refusal)
      return { status: error.status, body: error.body }
    throw error
  }
}

/** Loud on both sides: the request fails with the reason, and a test can say that there was none. */
export function violated(hub: Hub, c: Context, reasons: readonly string[]): Response {
  const message = `${c.req.method} ${c.req.path}: ${reasons.join('; ')}`
  hub.violation(message)
  return c.json({ message }, 500)
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
