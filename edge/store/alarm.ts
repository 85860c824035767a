export interface Alarm {
  /** Makes sure the object is called at the earliest of these times (ms since the epoch); null waits for nothing. */
  arm: (due: readonly (number | null)[]) => void
  /** The platform has removed the alarm before it calls. */
  rang: () => void
}

/** The earliest time anyone waits for; null when nobody does, or when the alarm that is set comes first anyway. */
export function computeNextAlarm(due: readonly (number | null)[], armed: number | null): number | null {
  const wanted = due.filter(at => at !== null)
  // 0 is "long ago" to who waits, and no time to the platform.
  const next = wanted.length === 0 ? null : Math.max(1, Math.min(...wanted))
  // One that rings too early only looks and is set again: cheaper than a write for each change.
  return next !== null && (armed === null || next < armed) ? next : null
}

/** Everything in the object that waits for a time shares its one alarm. */
export function createAlarm(set: (at: number) => Promise<void>, background: (work: Promise<void>) => void): Alarm {
  let armed: number | null = null

  return {
    arm(due) {
      const next = computeNextAlarm(due, armed)
      if (next === null)
        return
      armed = next
      background(set(next).catch((error: unknown) => {
        // Or nobody would be called again: the next one who waits sets it.
        if (armed === next)
          armed = null
        throw error
      }))
    },
    rang() {
      armed = null
    },
  }
}
