/** More keys than a person's network has addresses; bounds the memory of a flood from many. */
const MAX_KEYS = 100_000

interface Limit {
  /** Calls of one key in one period. */
  limit: number
  /** Seconds. */
  period: number
}

/** Stands in for Cloudflare's rate limit binding, by counts in memory: there is one process. */
export default function createRateLimit({ limit, period }: Limit, now = Date.now): RateLimit {
  let since = now()
  let counts = new Map<string, number>()

  return {
    async limit({ key }) {
      if (now() - since >= period * 1000) {
        since = now()
        counts = new Map()
      }
      const count = (counts.get(key) ?? 0) + 1
      if (count === 1 && counts.size >= MAX_KEYS)
        counts.delete(counts.keys().next().value ?? '')
      counts.set(key, count)
      return { success: count <= limit }
    },
  }
}
