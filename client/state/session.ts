import * as z from 'zod'

/**
 * Whether the edge knows this device. `unreachable` with rows on the
 * device is simply offline; without any there is nothing to show.
 */
export type Session = 'known' | 'unknown' | 'unreachable'

const sessionAnswer = z.object({ person: z.string() })

export type Pairing = { ok: true } | { ok: false, message: string }

export async function fetchSession(get: typeof fetch): Promise<Session> {
  return (await readSession(get)).session
}

/** And whose device it is, so that the rows of two people who use one browser stay apart. */
export async function readSession(
  get: typeof fetch,
): Promise<{ session: 'known', person: string } | { session: 'unknown' | 'unreachable' }> {
  const response = await get('/api/session').catch(() => null)
  if (response?.status === 401)
    return { session: 'unknown' }
  const answer = response?.ok ? sessionAnswer.safeParse(await response.json().catch(() => null)) : null
  return answer?.success ? { session: 'known', person: answer.data.person } : { session: 'unreachable' }
}

export async function pair(get: typeof fetch, secret: string, name: string): Promise<Pairing> {
  const response = await get('/api/pair', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret, name }),
  }).catch(() => null)
  if (response?.ok)
    return { ok: true }
  if (!response)
    return { ok: false, message: 'mainloop cannot be reached. Check the connection and try again.' }
  if (response.status === 421) {
    return {
      ok: false,
      message: `mainloop is not served under ${location.host}. Open it at its own address, or add this one to HOSTS.`,
    }
  }
  if (response.status === 429)
    return { ok: false, message: 'Too many tries. Wait a minute, then try again.' }
  return response.status < 500
    ? { ok: false, message: 'That secret is not right. It is printed where mainloop was started.' }
    : { ok: false, message: 'Something went wrong on the other side. Try again in a moment.' }
}

export interface LinkSecret { kind: 'setup' | 'pair', secret: string, person: string | null }

/**
 * What a link brought: the secret of a setup link (`/#setup=…`) or the code of an
 * invitation (`/#pair=…`), and whose mainloop it says that is, when it is not the owner's.
 */
export function linkSecret(hash: string): LinkSecret | null {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  for (const kind of ['setup', 'pair'] as const) {
    const secret = given.get(kind)
    if (secret)
      return { kind, secret, person: /^mls\.([a-z\d-]{1,32})\./.exec(secret)?.[1] ?? null }
  }
  return null
}

/** Takes it out of the address bar at once, paired or not, so that it is in no history and no screenshot. */
export function takeLinkSecret(): LinkSecret | null {
  const given = linkSecret(location.hash)
  if (given)
    history.replaceState(null, '', location.pathname)
  return given
}

/** What the list of devices will call this one. */
export function deviceName(userAgent: string): string {
  const system = /iPhone|iPad|Android|Windows|Mac OS|Linux/.exec(userAgent)?.[0]?.replace('Mac OS', 'Mac') ?? 'device'
  const browser = /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0]?.replace('Edg', 'Edge') ?? 'Browser'
  return `${browser} on ${system}`
}
