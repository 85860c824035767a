import type { Mutation } from '#shared/protocol/replicache.ts'

/** What the edge has said to have processed. Replicache sends it again with whatever follows, until the rows that say so have come. */
export interface Delivered {
  add: (mutations: readonly Mutation[]) => void
  /** Those the edge has not spoken of. */
  without: (mutations: readonly Mutation[]) => Mutation[]
}

export function createDelivered(): Delivered {
  /** Each client's are processed in order. */
  const last = new Map<string, number>()

  return {
    add: mutations => mutations.forEach(({ clientID, id }) => last.set(clientID, id)),
    without: mutations => mutations.filter(({ clientID, id }) => id > (last.get(clientID) ?? 0)),
  }
}
