import { BROWSER_HOST, LOOPBACK } from '#shared/lib/local-hosts.ts'

/** The edge's address for browsers. On this machine it has a host name of its own, because cookies ignore ports. */
export function pageAddress(edge: string): string {
  return new URL(edge).hostname === LOOPBACK ? edge.replace(LOOPBACK, BROWSER_HOST) : edge
}
