import type { IncomingHttpHeaders } from 'node:http'

/** What is known of who asks: where the connection comes from, and what was said over it. */
export interface TailscaleRequest {
  peer: string | undefined
  method: string
  headers: IncomingHttpHeaders
}

/** The address under which `tailscale serve` shows the page, and who on the tailnet may add devices. */
export interface AllowedLogins {
  url: string
  logins: readonly string[]
}

export type TailscaleIdentity = { ok: true, login: string } | { ok: false, status: 403 | 421, why: string }

const LOOPBACK = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/

/**
 * Whom the tailnet says this is. Its word is worth something only from our own `tailscale
 * serve`, which is on this machine, takes such headers away from whoever sends them, and
 * asks under the address it was given. Everything else could have been made up by anybody.
 */
export function readTailscaleIdentity(
  { peer, method, headers }: TailscaleRequest,
  { url, logins }: AllowedLogins,
): TailscaleIdentity {
  const { host, origin } = new URL(url)
  if (!LOOPBACK.test(peer ?? ''))
    return refused(403, 'This page is only for the tailnet. Open it where tailscale serve shows it.')
  // A name that somebody pointed at this machine (DNS rebinding)
  // would let their page say these headers in this browser.
  if (headers.host !== host)
    return refused(421, `This page is only served as ${url}.`)
  // Another site's form would arrive with the login of whoever looks at that site.
  if ((method !== 'GET' || headers.origin !== undefined) && headers.origin !== origin)
    return refused(403, 'This request did not come from this page.')
  const login = headers['tailscale-user-login']
  if (typeof login !== 'string' || login === '')
    return refused(403, 'The tailnet does not say who you are: a tagged machine and Funnel have no login.')
  return logins.includes(login.toLowerCase())
    ? { ok: true, login }
    : refused(
        403,
        'Your tailnet login may not add devices here. Whoever runs mainloop can add it to MAINLOOP_TAILNET_LOGINS.',
      )
}

function refused(status: 403 | 421, why: string): TailscaleIdentity {
  return { ok: false, status, why }
}
