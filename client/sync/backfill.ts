import type { Pulled } from './replica.ts'

/** Pause between two pieces, so that the person's own requests go first. */
const BACKFILL_EVERY_MS = 250

export interface Backfill {
  pulled: (pull: Pulled) => void
  /** Begins anew, since the edge may have more: on a new connection, or after storage was restored. */
  restart: () => void
  stop: () => void
}

/**
 * Asks for older messages piece by piece between other
 * requests, until the edge has no more for this device.
 */
export function createBackfill(requestOlder: () => void): Backfill {
  let exhausted = false
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    pulled({ backfill, before, after }) {
      if (backfill)
        exhausted = after.floor === before?.floor
      if (after.floor <= 1 || exhausted || timer !== undefined)
        return
      timer = setTimeout(() => {
        timer = undefined
        requestOlder()
      }, BACKFILL_EVERY_MS)
    },
    restart: () => void (exhausted = false),
    stop: () => clearTimeout(timer),
  }
}
