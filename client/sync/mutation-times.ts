import { MAX_PENDING } from './pending-limit.ts'

/** No more than these can be pending at once, so the oldest time can be dropped. */
const MAX_REMEMBERED = MAX_PENDING

/** Gives each mutation a time, ms since the epoch: the same on each replay, and later than the one before. */
export function createMutationTimes(now: () => number): (clientID: string, mutationID: number) => number {
  const times = new Map<string, number>()
  let last = 0
  return (clientID, mutationID) => {
    const key = `${clientID}/${mutationID}`
    const known = times.get(key)
    if (known !== undefined)
      return known
    last = Math.max(last + 1, now())
    times.set(key, last)
    const [oldest] = times.keys()
    if (times.size > MAX_REMEMBERED && oldest !== undefined)
      times.delete(oldest)
    return last
  }
}
