import type { Task } from '../model/task.ts'
import type { DaySpend } from '../protocol/runner.ts'
import { clampCost } from '../model/bounded.ts'

/** The cost of all tasks on the day of `now` (UTC): attempts that ended on that day and running attempts. */
export function daySpend(tasks: Iterable<Task>, now: number): DaySpend {
  const day = dayOf(now)
  let usd = 0
  for (const { history, state } of tasks) {
    for (const { endedAt, usage } of history)
      usd += dayOf(endedAt) === day ? usage.costUsd : 0
    usd += ('work' in state ? state.work.spent?.costUsd : undefined) ?? 0
  }
  return { day, usd: clampCost(usd) }
}

/** `2026-11-23`, UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
