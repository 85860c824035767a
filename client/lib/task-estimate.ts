import type { Task } from '#shared/model/task.ts'
import { dollars } from './format.ts'
import { duration } from './relative-time.ts'

/** Older ones say little of today's repository and model. Tasks. */
const MAX_TASKS = 5

/**
 * What such a task took lately, on this repository if there were any; null before the first one came to a pull request.
 */
export function taskEstimate(tasks: readonly Task[], repository: string): string | null {
  const done = tasks.filter(({ pull, history }) => pull !== null && history.length > 0)
  const here = done.filter(task => task.repository === repository)
  const alike = (here.length > 0 ? here : done).toSorted((a, b) => b.createdAt - a.createdAt).slice(0, MAX_TASKS)
  if (alike.length === 0)
    return null
  const cost = middle(alike.map(({ usage }) => usage.costUsd))
  const worked = middle(
    alike.map(({ history }) =>
      history.reduce((sum, { startedAt, endedAt }) => sum + (startedAt === null ? 0 : endedAt - startedAt), 0),
    ),
  )
  return `about ${dollars(cost)} and ${worked < 60_000 ? 'a minute' : duration(0, worked)} of work, as ${here.length > 0 ? 'lately here' : 'tasks elsewhere'}`
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}
