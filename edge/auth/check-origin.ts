import type { Context } from 'hono'
import { EdgeError } from '../http/edge-error.ts'

const READS = new Set(['GET', 'HEAD'])

/** Names that lead to this machine, or to Cloudflare's own; nobody else can point them elsewhere. */
const SAFE_HOST = /^(?:(?:[\w-]+\.)*localhost|127\.0\.0\.1|\[::1\]|(?:[\w-]+\.)+workers\.dev)$/

/** A name that somebody pointed here (DNS rebinding) makes their page look like ours; only names we know are served. */
export function mustBeOwnHost(c: Context, hosts: string | undefined): void {
  const { hostname } = new URL(c.req.url)
  const named = (hosts ?? '').split(',').map(name => name.trim().toLowerCase())
  if (!SAFE_HOST.test(hostname) && !named.includes(hostname)) {
    throw new EdgeError(
      'wrong-host',
      `This is not served under ${hostname.slice(0, 253)}. If it should be, add it to HOSTS.`,
    )
  }
}

/**
 * Another site's page must neither change anything nor open a socket
 * with this person's cookie. A program has no page and says none.
 */
export function mustBeOwnOrigin(c: Context, { program }: { program: boolean }): void {
  const origin = c.req.header('Origin')
  const mustSay = !program && (!READS.has(c.req.method) || c.req.header('Upgrade') !== undefined)
  if ((mustSay || origin !== undefined) && !isOwn(origin, c.req.url))
    throw new EdgeError('wrong-origin', 'This request did not come from mainloop\'s own page.')
}

function isOwn(origin: string | undefined, url: string): boolean {
  // Only the host: before a proxy that ends TLS the scheme differs.
  return origin !== undefined && URL.parse(origin)?.host === new URL(url).host
}
