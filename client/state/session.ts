import * as z from 'zod'

/**
 * Whether the edge knows this device. `unreachable` on a device
 * with rows means offline; without rows there is nothing to show.
 */
export type Session = 'known' | 'unknown' | 'unreachable'

type SessionAnswer = { session: 'known', person: string } | { session: 'unknown' | 'unreachable' }
const sessionBody = z.object({ person: z.string() })

export type Pairing = { ok: true } | { ok: false, message: string }

export async function fetchSession(get: typeof fetch): Promise<Session> {
  return (await readSession(get)).session
}

/** Reads the device's person too, so that the rows of two people in one browser stay apart. */
export async function readSession(get: typeof fetch): Promise<SessionAnswer> {
  const response = await get('/api/session').catch(() => null)
  if (response?.status === 401)
    return { session: 'unknown' }
  const answer = response?.ok ? sessionBody.safeParse(await response.json().catch(() => null)) : null
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
    const problem = `mainloop is not served under ${location.host}.`
    return { ok: false, message: `${problem} Open it at its own address, or add this one to HOSTS.` }
  }
  if (response.status === 429)
    return { ok: false, message: 'Too many tries. Wait a minute, then try again.' }
  return response.status < 500
    ? { ok: false, message: 'That secret is not right. It is printed where mainloop was started.' }
    : { ok: false, message: 'Something went wrong on the other side. Try again in a moment.' }
}

export interface LinkSecret { kind: 'setup' | 'pair', secret: string, person: string | null }

/**
 * The secret of a setup link (`/#setup=…`) or the code of an invitation (`/#pair=…`).
 * `person`: whose mainloop the link names; null for the owner's.
 */
export function linkSecret(hash: string): LinkSecret | null {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  for (const kind of ['setup', 'pair'] as const) {
    const secret = parameters.get(kind)
    if (secret)
      return { kind, secret, person: /^mls\.([a-z\d-]{1,32})\./.exec(secret)?.[1] ?? null }
  }
  return null
}

/** Removes the secret from the address bar at once, so that it stays out of history and screenshots. */
export function takeLinkSecret(): LinkSecret | null {
  const secret = linkSecret(location.hash)
  if (secret)
    history.replaceState(null, '', location.pathname)
  return secret
}

/** The suggested name of this device in the list of devices, from its browser and system. */
export function deviceName(userAgent: string): string {
  const system = /iPhone|iPad|Android|Windows|Mac OS|Linux/.exec(userAgent)?.[0]?.replace('Mac OS', 'Mac') ?? 'device'
  const browser = /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0]?.replace('Edg', 'Edge') ?? 'Browser'
  return `${browser} on ${system}`
}
