import { Refused } from '#shared/model/refusal.ts'

/**
 * Weeks of a person's work. Each one is done again with every poke while it waits (46 µs), so that more would be felt.
 */
export const MAX_PENDING = 5_000

export interface PendingLimit {
  /** Throws when too much waits already for this change to wait as well. */
  check: (clientID: string, mutationID: number) => void
  /** The edge has processed the changes of these clients so far. */
  confirmed: (lastMutationIDs: Record<string, number>) => void
}

/** Keeps what waits on a device within bounds; each client counts its changes from 1. */
export function createPendingLimit(): PendingLimit {
  const last = new Map<string, number>()

  return {
    check(clientID, mutationID) {
      if (mutationID - (last.get(clientID) ?? 0) > MAX_PENDING) {
        throw new Refused(
          'too-large',
          `${MAX_PENDING.toLocaleString('en')} changes wait on this device to be sent. It must go online before there can be more.`,
        )
      }
    },
    confirmed(lastMutationIDs) {
      for (const [clientID, id] of Object.entries(lastMutationIDs))
        last.set(clientID, id)
    },
  }
}
