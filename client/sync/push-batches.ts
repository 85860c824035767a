import type { Mutation } from '#shared/protocol/replicache.ts'

/** In characters of JSON; bounds the time of one push for the edge and the network. */
const MAX_BATCH_LENGTH = 400_000

const MAX_BATCH_MUTATIONS = 2_000

/** Splits pending mutations, in order, into pushes that the edge accepts; a long one gets its own. */
export function pushBatches(mutations: readonly Mutation[]): Mutation[][] {
  const batches: Mutation[][] = []
  let room = 0
  for (const mutation of mutations) {
    const length = JSON.stringify(mutation).length
    const last = batches.at(-1)
    if (last && last.length < MAX_BATCH_MUTATIONS && length <= room) {
      last.push(mutation)
      room -= length
    }
    else {
      batches.push([mutation])
      room = MAX_BATCH_LENGTH - length
    }
  }
  return batches
}
