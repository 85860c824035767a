interface Schedule {
  /** When the newest backup was taken; null when there is none. */
  newest: Date | null
  /** When this process last tried; null before its first time. */
  tried: Date | null
  everyMs: number
  now: Date
}

/** Milliseconds until the next backup is due. One that fails is tried again at its next time, not at once. */
export function untilDue({ newest, tried, everyMs, now }: Schedule): number {
  // One of the future was taken before the clock was put right, and says nothing.
  const past = [newest, tried].map(at => at?.getTime() ?? 0).filter(at => at <= now.getTime())
  return Math.max(0, Math.max(0, ...past) + everyMs - now.getTime())
}
