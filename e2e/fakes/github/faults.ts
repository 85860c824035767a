import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { unreachable } from '#shared/lib/unreachable.ts'
import { sleep } from '../../../runner/lib/sleep.ts'

export type Fault
  /** The connection is cut before an answer. */
  = | { kind: 'down' }
    /** Right, but late. */
    | { kind: 'slow', milliseconds: number }
    /** What a proxy in front of GitHub says. */
    | { kind: 'status', status: 500 | 502 | 503 | 504 }
    /** The hour's requests are used up. */
    | { kind: 'rate-limited', resetSeconds: number }
    /** Too much at once. */
    | { kind: 'secondary-rate-limited', retryAfterSeconds: number }

export interface FaultScope {
  /** How many requests it meets; until it is cleared, when not given. */
  times?: number
  /** The requests it meets, by their path; all of the API and git, when not given. */
  path?: RegExp
}

export interface Faults {
  /** Begins a fault; answers a function that ends it. */
  begin: (fault: Fault, scope?: FaultScope) => () => void
  middleware: MiddlewareHandler<{ Bindings: HttpBindings }>
}

export function createFaults(now: () => Date): Faults {
  const active = new Set<{ fault: Fault, path: RegExp, left: number }>()

  function next(path: string): Fault | undefined {
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
    async middleware(c, proceed) {
      const fault = next(c.req.path)
      if (!fault)
        return proceed()
      switch (fault.kind) {
        case 'down':
          c.env.outgoing.destroy()
          return RESPONSE_ALREADY_SENT
        case 'slow':
          await sleep(fault.milliseconds)
          return proceed()
        case 'status':
          return c.html('<html><body><h1>Unicorn!</h1></body></html>', fault.status)
        case 'rate-limited':
          c.header('x-ratelimit-limit', '5000')
          c.header('x-ratelimit-remaining', '0')
          c.header('x-ratelimit-reset', String(Math.floor(now().getTime() / 1000) + fault.resetSeconds))
          return c.json(
            {
              message: 'API rate limit exceeded for user ID 1.',
              documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
              status: '403',
            },
            403,
          )
        case 'secondary-rate-limited':
          c.header('retry-after', String(fault.retryAfterSeconds))
          return c.json(
            {
              message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
              documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
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
