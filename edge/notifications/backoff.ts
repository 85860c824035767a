import { backoff } from '#shared/lib/backoff.ts'

/**
 * How long a push service is left alone. What it asks for beyond the
 * maximum is a mistake, or nothing a notice is worth waiting for.
 */
const RETRY = { firstMs: 5_000, maxMs: 3_600_000 }

/** How it stands with a push service that refused. */
export interface Backoff {
  /** Refusals in a row; 0: it took the last one. */
  refusals: number
  /** Not asked again before this. ms since the epoch. */
  retryAt: number
}

export const NO_BACKOFF: Backoff = { refusals: 0, retryAt: 0 }

/** After one more refusal. `asked`: when it wants to be asked again, ms since the epoch. */
export function backoffAfter({ refusals }: Backoff, asked: number | null, now: number): Backoff {
  const askedMs = Math.min(RETRY.maxMs, (asked ?? now) - now)
  return { refusals: refusals + 1, retryAt: now + Math.max(backoff(RETRY, refusals), askedMs) }
}
