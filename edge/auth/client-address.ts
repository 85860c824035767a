import type { Context } from 'hono'

/** The client's network. The platform sets the header, so that no client chooses it; absent in local development. */
export function addressOf(c: Context): string {
  return networkOf(c.req.header('CF-Connecting-IP') ?? 'local')
}

/** Reduces an IPv6 address to its /64, because its owner has 2^64 addresses and could use a new one for each try. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.'))
    return address
  const [head = [], tail] = address.split('::').map((part): string[] => part === '' ? [] : part.split(':'))
  const groups
    = tail === undefined
      ? head
      : [...head, ...Array.from<string>({ length: 8 - head.length - tail.length }).fill('0'), ...tail]
  return `${groups.slice(0, 4).map(group => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':')}::/64`
}
