import { backoff, jittered } from '#shared/lib/backoff.ts'

/**
 * The first retry comes early, because most connections drop in a short dead
 * spot or while the edge is deployed. The maximum is low, because a person
 * notices a longer wait; on a phone its own events end the wait long before.
 */
const RETRY = { firstMs: 300, maxMs: 15_000 }

/**
 * The delay before retry number `failures` (1, 2, 3 …), in ms. `chance` in
 * [0, 1) spreads the retries of devices that lost the edge at the same time.
 */
export function retryDelay(failures: number, chance: number): number {
  return jittered(backoff(RETRY, failures - 1), chance)
}
