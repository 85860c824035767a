import * as z from 'zod'
import { mutation, pushBody } from './replicache.ts'

/**
 * The mutation by which a page repeats a change of an earlier page that was closed
 * before the edge or Replicache's own storage had it. It carries the name the change was
 * made under, so that it happens once, no matter which page repeats it and how often.
 */
export const REPLAY = 'replay'

/** A device that was not open since the rename may hold one under this name. */
export const FORMER_REPLAY = 'again'

export const replay = mutation.omit({ timestamp: true }).extend({
  clientGroupID: pushBody.shape.clientGroupID,
  /** When it was made. ms since the epoch, of the device. */
  at: z.number(),
})
export type Replay = z.infer<typeof replay>

/** The change that a mutation repeats; null when it repeats none, or one that cannot be understood. */
export function replayOf({ name, args }: { name: string, args: unknown }): Replay | null {
  return name === REPLAY || name === FORMER_REPLAY ? replay.safeParse(args).data ?? null : null
}
