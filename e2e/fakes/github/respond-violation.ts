import type { Context } from 'hono'
import type { Hub } from './hub.ts'

/** Loud on both sides: the request fails with the reason, and a test can assert that there was none. */
export function respondViolation(hub: Hub, c: Context, reasons: readonly string[]): Response {
  const message = `${c.req.method} ${c.req.path}: ${reasons.join('; ')}`
  hub.violation(message)
  return c.json({ message }, 500)
}
