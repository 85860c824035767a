import * as z from 'zod'
import { mutation, pushBody } from './replicache.ts'

/**
 * The mutation that repeats a mutation of a closed page which neither the edge nor Replicache's own storage
 * had received. It carries the original client and id, so that it is applied once, whichever page repeats it
 * and however often.
 */
export const REPLAY = 'replay'

/** A device that was not opened since the rename may have one under this name. */
export const FORMER_REPLAY = 'again'

export const replay = mutation.omit({ timestamp: true }).extend({
  clientGroupID: pushBody.shape.clientGroupID,
  /** The time of the original mutation. ms since the epoch, by the device's clock. */
  at: z.number(),
})
export type Replay = z.infer<typeof replay>

/** The mutation that a replay repeats; null for other mutations and for a malformed replay. */
export function replayOf({ name, args }: { name: string, args: unknown }): Replay | null {
  return name === REPLAY || name === FORMER_REPLAY ? replay.safeParse(args).data ?? null : null
}
