import * as z from 'zod'

const since = z.number()
const id = z.string()

/** The one turn there can be at a time; the row `turn`. Finished turns are not synced: their messages are. */
export const turn = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle'), since }),
  z.object({ state: z.literal('running'), since, id }),
  /** The person pressed stop; the loop ends the reply at the next event and keeps its text. */
  z.object({ state: z.literal('stopping'), since, id }),
  /** The model asked to wait (429, 529); it goes on by itself at `until`. */
  z.object({ state: z.literal('waiting'), since, id, until: z.number(), why: z.string() }),
  /** Given up; `why` says what to do, a retry starts it again. */
  z.object({ state: z.literal('failed'), since, id, why: z.string() }),
])
export type Turn = z.infer<typeof turn>

export const TURN_KEY = 'turn'
