import * as z from 'zod'

const KEY = 'mainloop.clients'

/** Months of opening the app; an answer to what a page did comes sooner. */
const MAX_CLIENTS = 1_000

const clients = z.array(z.string())

/** The pages of this device, also those that are closed: what is said to one of their clients is said to whoever sits here. */
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
    console.warn('Which pages were open on this device cannot be read.', error)
    return []
  }
}
