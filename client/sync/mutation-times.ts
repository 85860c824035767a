import { MAX_PENDING } from './pending-limit.ts'

/** More do not wait at once, so the oldest can be forgotten. */
const MAX_REMEMBERED = MAX_PENDING

/** When each mutation was made: the same answer for each replay, and always later than the mutation before. */
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
