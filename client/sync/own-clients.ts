import * as z from 'zod'

const KEY = 'mainloop.clients'

/** Months of opening the app; the edge refuses a mutation much sooner than that. */
const MAX_CLIENTS = 1_000

const clients = z.array(z.string())

/**
 * Remembers the Replicache clients of all tabs, closed
 * ones too: their refusals are shown on this device.
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
