import * as z from 'zod'
import { mutation, pushBody } from './replicache.ts'

/**
 * The mutation by which a page says again what an earlier page was closed upon, before the edge or Replicache's own storage had it. It
 * carries the name the change was made under, so that it happens once, whoever says it and however often.
 */
export const AGAIN = 'again'

export const again = mutation.omit({ timestamp: true }).extend({
  clientGroupID: pushBody.shape.clientGroupID,
  /** When it was made. ms since the epoch, of the device. */
  at: z.number(),
})
export type Again = z.infer<typeof again>
