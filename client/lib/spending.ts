import type { DayUsage } from '#shared/model/day-usage.ts'
import type { Task } from '#shared/model/task.ts'

export interface Spending { source: 'Conversation' | 'Tasks', today: number, month: number }

const DAY_MS = 24 * 60 * 60_000

/** Sums today's costs (UTC) and those of the last thirty days, in dollars. An attempt counts on the day it ended. */
export function spending(usage: readonly DayUsage[], tasks: readonly Task[], now: number): Spending[] {
  const today = dayOf(now)
  const first = dayOf(now - 29 * DAY_MS)
  const attempts = tasks
    .flatMap(({ history }) => history)
    .map(({ endedAt, usage: { costUsd } }) => ({ day: dayOf(endedAt), costUsd }))
  return [
    { source: 'Conversation', ...sums(usage) },
    { source: 'Tasks', ...sums(attempts) },
  ]

  function sums(days: readonly { day: string, costUsd: number }[]) {
    const total = (from: string) =>
      days.filter(({ day }) => day >= from && day <= today).reduce((sum, { costUsd }) => sum + costUsd, 0)
    return { today: total(today), month: total(first) }
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
