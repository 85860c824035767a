import type { Task } from '#shared/model/task.ts'
import { dollars } from './format.ts'
import { duration } from './relative-time.ts'

/** Number of tasks; older ones tell little about today's repository and model. */
const MAX_TASKS = 5

/**
 * The median cost and time of similar recent tasks, on this repository
 * if there are any; null before the first task with a pull request.
 */
export function taskEstimate(tasks: readonly Task[], repository: string): string | null {
  const done = tasks.filter(({ pull, history }) => pull !== null && history.length > 0)
  const sameRepository = done.filter(task => task.repository === repository)
  const candidates = sameRepository.length > 0 ? sameRepository : done
  const alike = candidates.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, MAX_TASKS)
  if (alike.length === 0)
    return null
  const cost = median(alike.map(({ usage }) => usage.costUsd))
  const workMs = median(alike.map(workTime))
  const time = workMs < 60_000 ? 'a minute' : duration(0, workMs)
  const source = sameRepository.length > 0 ? 'lately here' : 'tasks elsewhere'
  return `about ${dollars(cost)} and ${time} of work, as ${source}`
}

function workTime({ history }: Task): number {
  return history.reduce((sum, { startedAt, endedAt }) => sum + (startedAt === null ? 0 : endedAt - startedAt), 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}
