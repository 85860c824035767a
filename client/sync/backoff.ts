/** The first try again is nearly at once: most connections drop because a train passed a bridge or the edge was deployed. */
const FIRST_DELAY_MS = 300
/** A longer wait would be felt; a phone wakes us by its own events long before. */
const MAX_DELAY_MS = 15_000

/** How long to wait before try number `failures` (1, 2, 3 …). `chance` in [0, 1) spreads devices that lost the same edge. */
export function backoffMs(failures: number, chance: number): number {
  const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
  return Math.round(delay * (0.5 + chance / 2))
}
