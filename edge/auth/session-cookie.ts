import type { Context } from 'hono'
import type { CookieOptions } from 'hono/utils/cookie'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

const NAME = 'mainloop'

/**
 * `__Host-` keeps other hosts and plain connections from setting the cookie. Chromium and Firefox count
 * http://localhost as secure, so local development needs no weaker form.
 */
const PREFIX = 'host'
const OPTIONS = {
  prefix: PREFIX,
  httpOnly: true,
  secure: true,
  sameSite: 'Strict',
  path: '/',
} as const satisfies CookieOptions

/** Longer than a device stays unused; browsers allow 400 days at most. Seconds. */
const MAX_AGE_S = 400 * 24 * 3600

export function readSessionToken(c: Context): string | null {
  return getCookie(c, NAME, PREFIX) ?? null
}

export function writeSessionToken(c: Context, token: string): void {
  setCookie(c, NAME, token, { ...OPTIONS, maxAge: MAX_AGE_S })
}

export function clearSessionToken(c: Context): void {
  deleteCookie(c, NAME, OPTIONS)
}
