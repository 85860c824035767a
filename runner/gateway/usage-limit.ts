import type { IncomingHttpHeaders } from 'node:http'
import type { GlobalStop } from './ledger.ts'
import { limitName } from '../job/limit-name.ts'

/** Used when the answer names no reset: long enough to avoid useless requests, short enough not to waste the day. */
const DEFAULT_LIMIT_MS = 5 * 60_000

/** No limit lasts longer, so a later reset is an error. */
const MAX_LIMIT_MS = 8 * 24 * 3_600_000

/** Returns the account's usage limit when the answer reports that it is used up; null for a short rate limit too. */
export function usageLimit(status: number, headers: IncomingHttpHeaders, now: number): GlobalStop | null {
  if (status !== 429 || headers['anthropic-ratelimit-unified-status'] !== 'rejected')
    return null
  const reset = Number(headers['anthropic-ratelimit-unified-reset']) * 1000
  const until = reset > now && reset <= now + MAX_LIMIT_MS ? reset : now + DEFAULT_LIMIT_MS
  const name = limitName(String(headers['anthropic-ratelimit-unified-representative-claim']))
  return { kind: 'limit', until, why: `The Claude account's ${name} is used up.` }
}
