import type { IncomingHttpHeaders } from 'node:http'

export interface TailscaleRequest {
  /** The address of the other end of the connection. */
  peer: string | undefined
  method: string
  headers: IncomingHttpHeaders
}

export interface AllowedLogins {
  /** The page's address by `tailscale serve`. */
  url: string
  /** The tailnet logins that may add devices, in small letters. */
  logins: readonly string[]
}

export type TailscaleIdentity = { ok: true, login: string } | { ok: false, status: 403 | 421, why: string }

const LOOPBACK = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/

/**
 * Reads the tailnet login of a request. The login header can be trusted only from this machine's own `tailscale
 * serve`, which removes it from incoming requests and uses the configured host name. In any other request anybody
 * could have forged it.
 */
export function readTailscaleIdentity(
  { peer, method, headers }: TailscaleRequest,
  { url, logins }: AllowedLogins,
): TailscaleIdentity {
  const { host, origin } = new URL(url)
  if (!LOOPBACK.test(peer ?? ''))
    return refused(403, 'This page is only for the tailnet. Open it where tailscale serve shows it.')
  // With DNS rebinding a foreign page's host name could resolve to this machine, and that page could set these headers.
  if (headers.host !== host)
    return refused(421, `This page is only served as ${url}.`)
  // A form of another site would arrive with the login of that site's visitor.
  if ((method !== 'GET' || headers.origin !== undefined) && headers.origin !== origin)
    return refused(403, 'This request did not come from this page.')
  const login = headers['tailscale-user-login']
  if (typeof login !== 'string' || login === '')
    return refused(403, 'The tailnet does not say who you are: a tagged machine and Funnel have no login.')
  return logins.includes(login.toLowerCase()) ? { ok: true, login } : refused(403, NOT_ALLOWED)
}

const NOT_ALLOWED
  = 'Your tailnet login may not add devices here. Whoever runs mainloop can add it to MAINLOOP_TAILNET_LOGINS.'

function refused(status: 403 | 421, why: string): TailscaleIdentity {
  return { ok: false, status, why }
}
