import { Refused } from '#shared/model/refusal.ts'

/**
 * Weeks of a person's work. Replicache reruns each pending mutation
 * with every poke (46 µs each), so that more would be felt.
 */
export const MAX_PENDING = 5_000

export interface PendingLimit {
  /** Throws `Refused` when the client has too many pending mutations. */
  check: (clientID: string, mutationID: number) => void
  /** Takes the number of the last mutation that the edge processed, by client. */
  confirmed: (lastMutationIDs: Record<string, number>) => void
}

/** Bounds the pending mutations of a device; each client counts its own from 1. */
export function createPendingLimit(): PendingLimit {
  const last = new Map<string, number>()

  return {
    check(clientID, mutationID) {
      if (mutationID - (last.get(clientID) ?? 0) > MAX_PENDING) {
        const count = MAX_PENDING.toLocaleString('en')
        const reason = `${count} changes wait on this device to be sent. It must go online before there can be more.`
        throw new Refused('too-large', reason)
      }
    },
    confirmed(lastMutationIDs) {
      for (const [clientID, id] of Object.entries(lastMutationIDs))
        last.set(clientID, id)
    },
  }
}
