import type { Mutation } from '#shared/protocol/replicache.ts'

/**
 * Mutations that the edge acknowledged on this connection. Replicache sends each
 * again with every push until a pull confirms it, so they are left out. A new
 * connection may reach an edge on restored storage: the list then starts empty.
 */
export interface AcknowledgedMutations {
  add: (mutations: readonly Mutation[]) => void
  /** The mutations that were not acknowledged. */
  without: (mutations: readonly Mutation[]) => Mutation[]
  /** Call it when the connection is lost. */
  forget: () => void
}

export function createAcknowledgedMutations(): AcknowledgedMutations {
  /** The edge processes each client's mutations in order, so the highest number says it all. */
  const last = new Map<string, number>()

  return {
    add: mutations => mutations.forEach(({ clientID, id }) => last.set(clientID, id)),
    without: mutations => mutations.filter(({ clientID, id }) => id > (last.get(clientID) ?? 0)),
    forget: () => last.clear(),
  }
}
