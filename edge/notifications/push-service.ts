/** Those of the browsers there are. A deployment may name more (`PUSH_HOSTS`). */
const KNOWN = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.push.apple.com', '*.notify.windows.com']

/**
 * Whether an address that a client gave is one of a push service: only those are called,
 * so that nobody can have this edge call something else, in its own network for instance.
 */
export function isPushService(endpoint: string, more: string | undefined): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    return false
  const names = [...KNOWN, ...(more ?? '').split(',').map(name => name.trim()).filter(Boolean)]
  return names.some(name => name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name)
}
