import { MAX_TIME } from '#shared/model/bounded.ts'

export interface Alarm {
  /** Makes sure that the object is called at the earliest of these times (ms since the epoch); null is ignored. */
  arm: (due: readonly (number | null)[]) => void
  /** Must be called when the alarm fires: the platform has removed it by then. */
  fired: () => void
}

/** The time to set; null when nothing is due, or when the alarm that is set comes first anyway. */
export function computeNextAlarm(due: readonly (number | null)[], armed: number | null): number | null {
  const times = due.filter(at => at !== null).filter(at => !Number.isNaN(at))
  // Callers pass 0 for "long ago"; the platform throws for that and for a time beyond what a date can say.
  const next = times.length === 0 ? null : Math.min(Math.max(1, Math.min(...times)), MAX_TIME)
  // An alarm that fires too early is just set again, which is cheaper than a write for each change.
  return next !== null && (armed === null || next < armed) ? next : null
}

/** A Durable Object has one alarm, so everything in it that has a due time shares this. */
export function createAlarm(set: (at: number) => Promise<void>, background: (work: Promise<void>) => void): Alarm {
  let armed: number | null = null

  return {
    arm(due) {
      const next = computeNextAlarm(due, armed)
      if (next === null)
        return
      armed = next
      background(set(next).catch((error: unknown) => {
        // Otherwise no later call would set it again and the object would never be called.
        if (armed === next)
          armed = null
        throw error
      }))
    },
    fired() {
      armed = null
    },
  }
}
