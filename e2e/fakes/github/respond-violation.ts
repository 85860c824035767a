import type { Context } from 'hono'
import type { Hub } from './hub.ts'

/** Fails the request with the reasons, and records them so that a test can assert that there were none. */
export function respondViolation(hub: Hub, c: Context, reasons: readonly string[]): Response {
  const message = `${c.req.method} ${c.req.path}: ${reasons.join('; ')}`
  hub.violation(message)
  return c.json({ message }, 500)
}
