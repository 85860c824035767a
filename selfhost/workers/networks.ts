/** An address as its bytes: 4 of IPv4, 16 of IPv6. */
type Address = readonly number[]

/** A range of addresses, as in `10.0.0.0/8`. */
export interface Network {
  address: Address
  bits: number
}

/** Reads addresses and ranges that are separated by commas. Throws for anything else, with a sentence. */
export function parseNetworks(text: string): Network[] {
  return text.split(',').map(entry => entry.trim()).filter(entry => entry !== '').map(parseNetwork)
}

/** Whether an address belongs to one of these networks. */
export function isIn(networks: readonly Network[], text: string): boolean {
  const address = parseAddress(text)
  return address !== null && networks.some(network => contains(network, address))
}

/** An address in one spelling, without a port: IPv4 in IPv6 becomes IPv4. Null for what is no address. */
export function plainAddress(text: string): string | null {
  const [, inBrackets] = /^\[(.*)\](?::\d+)?$/.exec(text) ?? []
  const host = inBrackets ?? (/^[\d.]+:\d+$/.test(text) ? text.slice(0, text.lastIndexOf(':')) : text)
  const address = parseAddress(host)
  if (address === null)
    return null
  return address.length === 4 ? address.join('.') : host.toLowerCase()
}

function parseNetwork(entry: string): Network {
  const [host = '', length, ...more] = entry.split('/')
  const address = parseAddress(host)
  const bits = length === undefined ? (address?.length ?? 0) * 8 : /^\d{1,3}$/.test(length) ? Number(length) : -1
  if (address === null || bits < 0 || bits > address.length * 8 || more.length > 0)
    throw new Error(`This is neither an address nor a range such as 10.0.0.0/8: ${entry}`)
  return { address, bits }
}

function contains({ address, bits }: Network, other: Address): boolean {
  return address.length === other.length && address.every((byte, at) => {
    const compared = Math.min(Math.max(bits - at * 8, 0), 8)
    const mask = 0xFF << (8 - compared) & 0xFF
    return (byte & mask) === ((other[at] ?? 0) & mask)
  })
}

function parseAddress(text: string): Address | null {
  if (!text.includes(':'))
    return parseFour(text)
  const groups = parseSixteen(text)
  if (groups === null)
    return null
  // A socket for both kinds shows IPv4 as ::ffff:a.b.c.d.
  return groups.slice(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xFF)) ? groups.slice(12) : groups
}

function parseFour(text: string): Address | null {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
    ? parts.map(Number)
    : null
}

function parseSixteen(text: string): Address | null {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0)
    return null
  const before = parseGroups(head)
  const after = tail === undefined ? [] : parseGroups(tail)
  if (before === null || after === null)
    return null
  const missing = 16 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 2)
    return null
  return [...before, ...Array.from<number>({ length: missing }).fill(0), ...after]
}

/** Groups of two bytes, the last of which may be written as IPv4. */
function parseGroups(text: string): Address | null {
  if (text === '')
    return []
  const groups = text.split(':')
  const bytes = groups.map((group, at) => {
    if (group.includes('.') && at === groups.length - 1)
      return parseFour(group)
    return /^[\da-f]{1,4}$/i.test(group) ? [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xFF] : null
  })
  return bytes.includes(null) ? null : bytes.flatMap(each => each ?? [])
}
