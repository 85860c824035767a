/** The push services of the known browsers. A deployment may name more (`PUSH_HOSTS`). */
const KNOWN = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.push.apple.com', '*.notify.windows.com']

/**
 * Whether an endpoint from a client is one of a push service. Only those are called, so that a client cannot make this
 * edge call another address, such as one in its own network.
 */
export function isPushService(endpoint: string, more: string | undefined): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    return false
  const names = [...KNOWN, ...(more ?? '').split(',').map(name => name.trim()).filter(Boolean)]
  return names.some(name => name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name)
}
