/**
 * The name that `make dev` gives browsers. Cookies ignore ports: every other server
 * under `localhost` would get the cookies of `localhost`, but gets none of a name
 * of our own. Browsers resolve it by themselves; Node and many systems do not.
 */
export const BROWSER_HOST = 'mainloop.localhost'

/** Programs on this machine dial this address. */
export const LOOPBACK = '127.0.0.1'
export const IPV6_LOOPBACK = '::1'

/**
 * The development server answers under these names only, so a name
 * that somebody pointed at this machine (DNS rebinding) is refused.
 */
export const LOCAL_HOSTS: readonly string[] = [BROWSER_HOST, 'localhost', LOOPBACK, `[${IPV6_LOOPBACK}]`]

/** Codes of the errors with which a machine without IPv6 refuses to listen on `::1`. */
export const NO_IPV6: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])
