import { BROWSER_HOST, LOOPBACK } from '#shared/lib/local-hosts.ts'

/** The address at which browsers find the edge. They use a host name of its own on this machine, because cookies ignore ports. */
export function pageAddress(edge: string): string {
  return new URL(edge).hostname === LOOPBACK ? edge.replace(LOOPBACK, BROWSER_HOST) : edge
}
