import * as z from 'zod'

/**
 * What Claude remembers of the messages it no longer reads word for word: the row `conversation`,
 * written with each compaction. The messages themselves are kept and can be searched.
 */
export const conversation = z.object({
  /** The summaries of everything up to `summarizedThroughId`, oldest first, as Claude reads them. */
  summary: z.string(),
  /** The place of the newest summarised message; 0 before the first compaction. */
  summarizedThroughId: z.number().int().nonnegative(),
  /** How many messages the conversation had when this was written. */
  messageCount: z.number().int().nonnegative(),
})
export type Conversation = z.infer<typeof conversation>

export const CONVERSATION_KEY = 'conversation'
