/** How long a push service is left alone after refusing once; doubled with each refusal in a row. ms */
const FIRST_BACKOFF_MS = 5_000

/** What it asks for beyond this is a mistake, or nothing a notice is worth waiting for. ms */
const MAX_BACKOFF_MS = 3_600_000

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
  const own = FIRST_BACKOFF_MS * 2 ** refusals
  return { refusals: refusals + 1, retryAt: now + Math.min(MAX_BACKOFF_MS, Math.max(own, (asked ?? now) - now)) }
}
