import type { Mutation } from '#shared/protocol/replicache.ts'

/**
 * What the edge has said to have processed on this connection. Replicache sends it again with whatever follows,
 * until the rows that say so have come. Behind the next connection may be an edge on restored storage.
 */
export interface AcknowledgedMutations {
  add: (mutations: readonly Mutation[]) => void
  /** Those the edge has not spoken of. */
  without: (mutations: readonly Mutation[]) => Mutation[]
  /** The connection died. */
  forget: () => void
}

export function createAcknowledgedMutations(): AcknowledgedMutations {
  /** Each client's are processed in order. */
  const last = new Map<string, number>()

  return {
    add: mutations => mutations.forEach(({ clientID, id }) => last.set(clientID, id)),
    without: mutations => mutations.filter(({ clientID, id }) => id > (last.get(clientID) ?? 0)),
    forget: () => last.clear(),
  }
}
