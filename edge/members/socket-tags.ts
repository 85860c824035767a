export const RUNNER_TAG = 'runner'
export const DEVICE_TAG = 'device'

/** Caches whether a socket is a runner's: tags never change, so they need not be read for each frame. */
export function createIsRunner(tagsOf: (ws: WebSocket) => string[]): (ws: WebSocket) => boolean {
  const cache = new WeakMap<WebSocket, boolean>()
  return (ws) => {
    const isRunner = cache.get(ws) ?? tagsOf(ws).includes(RUNNER_TAG)
    cache.set(ws, isRunner)
    return isRunner
  }
}

/** Finds the sockets of one device, to close them when it is revoked. */
export function deviceTag(device: string): string {
  return `${DEVICE_TAG}:${device}`
}

/** Finds the sockets that were opened with one token. */
export function tokenTag(token: string): string {
  return `token:${token}`
}

/** The hash of the token a socket was opened with; null for one that an older release accepted. */
export function hashOf(tags: readonly string[]): string | null {
  return tags.find(tag => tag.startsWith(HASH))?.slice(HASH.length) ?? null
}

const HASH = 'hash:'

export function hashTag(tokenHash: string): string {
  return `${HASH}${tokenHash}`
}
