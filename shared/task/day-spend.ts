import type { Task } from '../model/task.ts'
import type { DaySpend } from '../protocol/runner.ts'

/** What the attempts of all tasks cost on the day of `now` (UTC): those that ended on it, and those under way. */
export function daySpend(tasks: Iterable<Task>, now: number): DaySpend {
  const day = dayOf(now)
  let usd = 0
  for (const { history, state } of tasks) {
    for (const { endedAt, usage } of history)
      usd += dayOf(endedAt) === day ? usage.costUsd : 0
    usd += ('work' in state ? state.work.spent?.costUsd : undefined) ?? 0
  }
  return { day, usd }
}

/** `2026-11-23`, UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
