const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A past time in short words: `5 min ago`. */
export function relativeTime(then: number, now: number): string {
  const past = duration(then, now)
  return past === 'moments' ? 'just now' : `${past} ago`
}

/** A duration in its largest unit: `moments`, `5 min`, `2 h`, `3 days`. */
export function duration(from: number, to: number): string {
  const ms = Math.max(0, to - from)
  if (ms < MINUTE_MS)
    return 'moments'
  if (ms < HOUR_MS)
    return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS)
    return `${Math.floor(ms / HOUR_MS)} h`
  const days = Math.floor(ms / DAY_MS)
  return days === 1 ? '1 day' : `${days} days`
}

/** A running clock: `0:42`, `12:05`, `1:02:03`. */
export function elapsed(from: number, to: number): string {
  const seconds = Math.max(0, Math.floor((to - from) / 1000))
  const minutes = Math.floor(seconds / 60)
  const tail = String(seconds % 60).padStart(2, '0')
  if (minutes < 60)
    return `${minutes}:${tail}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`
}
