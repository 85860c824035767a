import type { Mutation } from '#shared/protocol/replicache.ts'

/** So that one push stays a moment's work for the edge and for the line. Characters of JSON. */
const MAX_BATCH_LENGTH = 400_000

const MAX_BATCH_MUTATIONS = 2_000

/** What waits on a device, in order, in pieces that the edge takes; a single long one is a piece of its own. */
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
