export interface BackoffRange {
  /** After the first failure; doubled with each further one in a row. */
  firstMs: number
  maxMs: number
}

/** The wait after a failure that `earlier` failures in a row preceded. ms */
export function backoff({ firstMs, maxMs }: BackoffRange, earlier: number): number {
  return Math.min(maxMs, firstMs * 2 ** earlier)
}

/** Between `ms / 2` and `ms`: clients that failed together do not retry together. `chance` is in [0, 1). */
export function jittered(ms: number, chance: number): number {
  return Math.round(ms * (0.5 + chance / 2))
}
