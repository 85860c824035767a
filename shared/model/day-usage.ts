import * as z from 'zod'
import { costUsd, tokens } from './bounded.ts'

/** The conversation's cost on one day (UTC): the row `usage/<day>`. A worker's cost is in its task. */
export const dayUsage = z.object({
  day: z.iso.date(),
  replies: tokens,
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  costUsd,
  /** Tokens of models without a known price; `costUsd` leaves them out. */
  unpricedTokens: tokens,
})
export type DayUsage = z.infer<typeof dayUsage>

export const USAGE_PREFIX = 'usage/'

export function usageKey(day: string): string {
  return USAGE_PREFIX + day
}
