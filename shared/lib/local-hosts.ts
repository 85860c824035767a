/**
 * The host name of `make dev` for browsers. Cookies ignore ports, so every other server on `localhost` would
 * receive ours; a name of our own keeps them. Browsers resolve it by themselves; Node and many systems do not.
 */
export const BROWSER_HOST = 'mainloop.localhost'

/** Programs on this machine dial this address. */
export const LOOPBACK = '127.0.0.1'
export const IPV6_LOOPBACK = '::1'

/** The development server answers under these names only, against DNS rebinding. */
export const LOCAL_HOSTS: readonly string[] = [BROWSER_HOST, 'localhost', LOOPBACK, `[${IPV6_LOOPBACK}]`]

/** Codes of the errors of a machine without IPv6 when a server listens on `::1`. */
export const NO_IPV6: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])
