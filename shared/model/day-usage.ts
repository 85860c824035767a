import * as z from 'zod'

const count = z.number().int().nonnegative()

/** The conversation's cost on one day (UTC): the row `usage/<day>`. A worker's cost is in its task. */
export const dayUsage = z.object({
  day: z.iso.date(),
  replies: count,
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: z.number().nonnegative(),
  /** Tokens of models without a known price; `costUsd` leaves them out. */
  unpricedTokens: count,
})
export type DayUsage = z.infer<typeof dayUsage>

export const USAGE_PREFIX = 'usage/'

export function usageKey(day: string): string {
  return USAGE_PREFIX + day
}
