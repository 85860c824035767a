export const RUNNER_TAG = 'runner'
export const DEVICE_TAG = 'device'

/**
 * Whether a socket is a runner's. Its tags never change, so they are read once after a sleep and not for each frame.
 */
export function createIsRunner(tagsOf: (ws: WebSocket) => string[]): (ws: WebSocket) => boolean {
  const known = new WeakMap<WebSocket, boolean>()
  return (ws) => {
    const isRunner = known.get(ws) ?? tagsOf(ws).includes(RUNNER_TAG)
    known.set(ws, isRunner)
    return isRunner
  }
}

/** Finds the sockets of one device, to close them when it is revoked. */
export function deviceTag(device: string): string {
  return `${DEVICE_TAG}:${device}`
}

/** And those that were opened with one token. */
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
