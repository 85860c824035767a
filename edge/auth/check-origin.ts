import type { Context } from 'hono'
import { EdgeError } from '../http/edge-error.ts'

const READS = new Set(['GET', 'HEAD'])

/** Names of loopback and of workers.dev, which an attacker cannot point elsewhere. */
const SAFE_HOST = /^(?:(?:[\w-]+\.)*localhost|127\.0\.0\.1|\[::1\]|(?:[\w-]+\.)+workers\.dev)$/

/** Throws `wrong-host` for unknown names: by DNS rebinding, a foreign page would be of the same origin as ours. */
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
 * Throws `wrong-origin` for another site's page, which must neither change anything nor open a socket with the person's
 * cookie. Programs need not send an origin.
 */
export function mustBeOwnOrigin(c: Context, { program }: { program: boolean }): void {
  const origin = c.req.header('Origin')
  const isRequired = !program && (!READS.has(c.req.method) || c.req.header('Upgrade') !== undefined)
  if ((isRequired || origin !== undefined) && !isOwn(origin, c.req.url))
    throw new EdgeError('wrong-origin', 'This request did not come from mainloop\'s own page.')
}

function isOwn(origin: string | undefined, url: string): boolean {
  // Compares only the host, because the scheme differs behind a proxy that ends TLS.
  return origin !== undefined && URL.parse(origin)?.host === new URL(url).host
}
