import { backoff } from '#shared/lib/backoff.ts'

/** The maximum also bounds a push service's Retry-After: a longer one is a mistake, or too long for a notice. */
const RETRY = { firstMs: 5_000, maxMs: 3_600_000 }

/** The backoff of a subscription whose push service refused. */
export interface Backoff {
  /** Refusals in a row; 0 when it accepted the last notice. */
  refusals: number
  /** The push service is not called before this time. ms since the epoch. */
  retryAt: number
}

export const NO_BACKOFF: Backoff = { refusals: 0, retryAt: 0 }

/** The backoff after one more refusal. `retryAfter` is the time the push service asked for, ms since the epoch. */
export function backoffAfter({ refusals }: Backoff, retryAfter: number | null, now: number): Backoff {
  const requestedMs = Math.min(RETRY.maxMs, (retryAfter ?? now) - now)
  return { refusals: refusals + 1, retryAt: now + Math.max(backoff(RETRY, refusals), requestedMs) }
}
