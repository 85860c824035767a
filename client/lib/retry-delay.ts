import { backoff, jittered } from '#shared/lib/backoff.ts'

/**
 * The first retry is nearly at once, because most connections drop where a train passes a bridge or the edge
 * is deployed. A longer wait than the last would be felt; a phone wakes us by its own events long before.
 */
const RETRY = { firstMs: 300, maxMs: 15_000 }

/**
 * How long to wait before try number `failures` (1, 2, 3 …).
 * `chance` in [0, 1) spreads devices that lost the same edge. ms
 */
export function retryDelay(failures: number, chance: number): number {
  return jittered(backoff(RETRY, failures - 1), chance)
}
