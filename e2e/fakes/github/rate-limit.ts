import type { MiddlewareHandler } from 'hono'
import type { Hub } from './hub.ts'

/** Requests in a window, as GitHub allows them to a token. */
const LIMIT = 5000

const WINDOW_MS = 3_600_000

/** Counts requests as GitHub does: in windows of an hour, and without those with a 304 response. Only faults refuse a request. */
export function rateLimit({ now, requests }: Pick<Hub, 'now' | 'requests'>): MiddlewareHandler {
  const windows = new Map<string, { until: number, used: number }>()
  return async (c, next) => {
    const token = c.req.header('authorization') ?? ''
    const time = now().getTime()
    const current = windows.get(token)
    const window = current && current.until > time ? current : { until: time + WINDOW_MS, used: 0 }
    windows.set(token, window)
    await next()
    if (c.res.status === 304) {
      requests.unchanged += 1
    }
    else {
      requests.counted += 1
      window.used += 1
    }
    // GitHub sends this header for classic tokens only.
    if (/ ghp_/.test(token))
      c.header('x-oauth-scopes', 'repo, workflow')
    c.header('x-ratelimit-limit', String(LIMIT))
    c.header('x-ratelimit-used', String(window.used))
    c.header('x-ratelimit-remaining', String(Math.max(LIMIT - window.used, 0)))
    c.header('x-ratelimit-reset', String(Math.ceil(window.until / 1000)))
    c.header('x-ratelimit-resource', c.req.path.endsWith('/graphql') ? 'graphql' : 'core')
    c.header('x-github-media-type', 'github.v3; format=json')
  }
}
