export interface BackoffRange {
  /** After the first failure; doubled with each further one in a row. */
  firstMs: number
  maxMs: number
}

/** How long to wait after a failure that `earlier` others preceded without a success. ms */
export function backoff({ firstMs, maxMs }: BackoffRange, earlier: number): number {
  return Math.min(maxMs, firstMs * 2 ** earlier)
}

/**
 * Between half of it and all of it, so that clients that failed
 * together do not come back together. `chance` in [0, 1). ms
 */
export function jittered(ms: number, chance: number): number {
  return Math.round(ms * (0.5 + chance / 2))
}
