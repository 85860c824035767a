import * as z from 'zod'
import { taskId } from './task.ts'

export const askId = z.string().min(1).max(64)

/** Said to a task. Characters; as long as what sends a plan back. */
export const taskWords = z.string().trim().min(1).max(32_000)

/** What Claude or an MCP client may not do by itself: the row `ask/<id>`, gone once the person has decided. */
export const ask = z.object({
  id: askId,
  at: z.number(),
  task: taskId,
  /** Who asks: Claude, or the name of a token. */
  by: z.string().max(100),
  wants: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cancel'), why: z.string().min(1).max(1000) }),
    z.object({ kind: z.literal('message'), words: taskWords }),
  ]),
})
export type Ask = z.infer<typeof ask>

export const ASK_PREFIX = 'ask/'

export function askKey(id: string): string {
  return ASK_PREFIX + id
}
