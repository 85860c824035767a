const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A past moment in words, short enough for a list. */
export function relativeTime(then: number, now: number): string {
  const past = duration(then, now)
  return past === 'moments' ? 'just now' : `${past} ago`
}

/** How long something has lasted, in its largest unit. */
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
  return minutes < 60
    ? `${minutes}:${tail}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`
}
