import * as z from 'zod'

const KEY = 'mainloop.clients'

/** Months of opening the app; an answer to what a page did comes sooner. */
const MAX_CLIENTS = 1_000

const clients = z.array(z.string())

/**
 * Remembers the Replicache clients of all tabs, also of closed ones: a refusal for any of them is shown on this device.
 */
export function rememberClient(clientID: string): void {
  globalThis.localStorage?.setItem(KEY, JSON.stringify([...readClients(), clientID].slice(-MAX_CLIENTS)))
}

export function isOwnClient(clientID: string): boolean {
  return readClients().includes(clientID)
}

function readClients(): string[] {
  const kept = globalThis.localStorage?.getItem(KEY) ?? '[]'
  try {
    return clients.parse(JSON.parse(kept))
  }
  catch (error) {
    console.warn('The Replicache clients of this device cannot be read.', error)
    return []
  }
}
