import * as z from 'zod'

const count = z.number().int().nonnegative()

/** What the conversation cost on one day (UTC): the row `usage/<day>`. Workers have their own books, in their tasks. */
export const dayUsage = z.object({
  day: z.iso.date(),
  replies: count,
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: z.number().nonnegative(),
  /** Tokens of models whose price is not known; they are not in `costUsd`. */
  unpricedTokens: count,
})
export type DayUsage = z.infer<typeof dayUsage>

export const USAGE_PREFIX = 'usage/'

export function usageKey(day: string): string {
  return USAGE_PREFIX + day
}
