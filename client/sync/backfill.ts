import type { Pulled } from './replica.ts'

/** The older past comes in pieces; between them the person's own requests go first. */
const BACKFILL_EVERY_MS = 250

export interface Backfill {
  pulled: (pull: Pulled) => void
  /** The edge may have more again: a new connection, or rows of another past. */
  restart: () => void
  stop: () => void
}

/**
 * Asks for the older past piece by piece while nothing else is asked for, until the edge has no more for this device.
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
