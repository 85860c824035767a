import type { Context } from 'hono'

/** Where a request comes from. The platform sets it, so nobody chooses their own; absent in local development. */
export function addressOf(c: Context): string {
  return networkOf(c.req.header('CF-Connecting-IP') ?? 'local')
}

/** Who has one IPv6 address has 2^64 of them, and could be a new stranger with every try: the network counts. */
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
