import * as z from 'zod'
import { text } from './bounded.ts'

/**
 * The summaries that replace old messages in Claude's context: the row `conversation`, written
 * by each compaction. The messages themselves are kept and can be searched.
 */
export const conversation = z.object({
  /** The summaries of everything up to `summarizedThroughId`, oldest first, as Claude reads them. */
  summary: text(),
  /** Sequence number of the newest summarised message; 0 before the first compaction. */
  summarizedThroughId: z.number().int().nonnegative(),
  /** Number of messages in the conversation at the time of writing. */
  messageCount: z.number().int().nonnegative(),
})
export type Conversation = z.infer<typeof conversation>

export const CONVERSATION_KEY = 'conversation'
