import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { unreachable } from '#shared/lib/unreachable.ts'
import { sleep } from '../../../runner/lib/sleep.ts'

export type Fault
  /** Cuts the connection before a response. */
  = | { kind: 'down' }
    /** Delays the right response. */
    | { kind: 'slow', milliseconds: number }
    /** Responds like a failing proxy in front of GitHub, with HTML. */
    | { kind: 'status', status: 500 | 502 | 503 | 504 }
    /** Responds as if the hour's requests were used up. */
    | { kind: 'rate-limited', resetSeconds: number }
    /** Responds as if there were too many requests at once. */
    | { kind: 'secondary-rate-limited', retryAfterSeconds: number }

export interface FaultScope {
  /** Number of requests that fail; by default all until the fault is ended. */
  times?: number
  /** The paths that fail; by default all of the API, git and the pages. */
  path?: RegExp
}

export interface Faults {
  /** Begins a fault; returns a function that ends it. */
  begin: (fault: Fault, scope?: FaultScope) => () => void
  middleware: MiddlewareHandler<{ Bindings: HttpBindings }>
}

export function createFaults(now: () => Date): Faults {
  const active = new Set<{ fault: Fault, path: RegExp, left: number }>()

  function takeFault(path: string): Fault | undefined {
    for (const one of active) {
      if (!one.path.test(path))
        continue
      one.left -= 1
      if (one.left === 0)
        active.delete(one)
      return one.fault
    }
  }

  return {
    begin(fault, { times = Number.POSITIVE_INFINITY, path = EVERYTHING } = {}) {
      const one = { fault, path, left: times }
      active.add(one)
      return () => active.delete(one)
    },
    async middleware(c, next) {
      const fault = takeFault(c.req.path)
      if (!fault)
        return next()
      switch (fault.kind) {
        case 'down':
          c.env.outgoing.destroy()
          return RESPONSE_ALREADY_SENT
        case 'slow':
          await sleep(fault.milliseconds)
          return next()
        case 'status':
          return c.html('<html><body><h1>Unicorn!</h1></body></html>', fault.status)
        case 'rate-limited':
          c.header('x-ratelimit-limit', '5000')
          c.header('x-ratelimit-remaining', '0')
          c.header('x-ratelimit-reset', String(Math.floor(now().getTime() / 1000) + fault.resetSeconds))
          return c.json({ message: 'API rate limit exceeded for user ID 1.', documentation_url: RATE_LIMIT_DOCS, status: '403' }, 403)
        case 'secondary-rate-limited':
          c.header('retry-after', String(fault.retryAfterSeconds))
          return c.json(
            {
              message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
              documentation_url: `${RATE_LIMIT_DOCS}#about-secondary-rate-limits`,
              status: '403',
            },
            403,
          )
        default:
          return unreachable(fault)
      }
    },
  }
}

const EVERYTHING = /^/
const RATE_LIMIT_DOCS = 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api'
