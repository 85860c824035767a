import type { IncomingHttpHeaders } from 'node:http'
import type { GlobalStop } from './ledger.ts'
import { limitName } from '../job/limit-name.ts'

/**
 * When the answer does not say when the limit resets: long enough
 * not to knock in vain, short enough not to waste the day.
 */
const UNSAID_PAUSE_MS = 5 * 60_000

/** Nobody's limit lasts longer, so what says so is wrong. */
const LONGEST_PAUSE_MS = 8 * 24 * 3_600_000

/**
 * The account's usage limit, when the answer says that it is reached;
 * null for every other answer, a short rate limit among them.
 */
export function usageLimit(status: number, headers: IncomingHttpHeaders, now: number): GlobalStop | null {
  if (status !== 429 || headers['anthropic-ratelimit-unified-status'] !== 'rejected')
    return null
  const reset = Number(headers['anthropic-ratelimit-unified-reset']) * 1000
  const until = reset > now && reset <= now + LONGEST_PAUSE_MS ? reset : now + UNSAID_PAUSE_MS
  return {
    kind: 'limit',
    until,
    why: `The Claude account's ${limitName(String(headers['anthropic-ratelimit-unified-representative-claim']))} is used up.`,
  }
}
