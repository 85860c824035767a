import * as z from 'zod'
import { text, time } from './bounded.ts'

const since = time
const id = text(64)

/** The current turn; the row `turn`. There is at most one, and finished turns sync only as messages. */
export const turn = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle'), since }),
  z.object({ state: z.literal('running'), since, id }),
  /** The person pressed stop; the loop ends the reply at the next event and keeps its text. */
  z.object({ state: z.literal('stopping'), since, id }),
  /** The model asked to wait (429, 529); the turn goes on by itself at `until`. */
  z.object({ state: z.literal('waiting'), since, id, until: time, why: text() }),
  /** `why` says what the person can do; a retry starts the turn again. */
  z.object({ state: z.literal('failed'), since, id, why: text() }),
])
export type Turn = z.infer<typeof turn>

export const TURN_KEY = 'turn'
