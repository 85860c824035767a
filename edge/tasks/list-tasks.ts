import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import { formatDistanceStrict } from 'date-fns/formatDistanceStrict'
import * as z from 'zod'
import { list, rows } from '#shared/model/rows.ts'
import { describeState } from '#shared/task/describe-state.ts'
import { isFinished } from '#shared/task/state.ts'

export const listTasksInput = z.object({
  which: z
    .enum(['open', 'all'])
    .optional()
    .describe('open (the default) leaves out what is merged, closed or cancelled.'),
  limit: z.number().int().min(1).max(100).optional().describe('How many at most, the newest first; 20 when left out.'),
})
export type ListTasksInput = z.infer<typeof listTasksInput>

const DEFAULT_LIMIT = 20

/** The tasks as lines of text, newest first, and the number of tasks left out. */
export async function listTasks(
  tx: ReadTx & { now: number },
  { which = 'open', limit = DEFAULT_LIMIT }: ListTasksInput,
): Promise<string> {
  const tasks: Task[] = []
  for await (const task of list(tx, rows.task)) {
    if (which === 'all' || !isFinished(task.state))
      tasks.push(task)
  }
  if (tasks.length === 0)
    return which === 'all' ? 'There are no tasks.' : 'There are no open tasks.'

  tasks.sort((a, b) => b.createdAt - a.createdAt)
  const more = tasks.length - limit
  return [
    ...tasks.slice(0, limit).map(task => describe(task, tx.now)),
    ...(more > 0 ? [`Not listed: ${more} older.`] : []),
  ].join('\n')
}

function describe(task: Task, now: number): string {
  const state = `${describeState(task.state)}, for ${formatDistanceStrict(task.state.since, now)}`
  return [
    `${task.id} "${task.title}" on ${task.repository}: ${state}`,
    ...(task.pull ? [task.pull.url] : []),
    ...(task.blocked ? [`waits for ${task.blocked.on}`] : []),
    ...(task.usage.costUsd > 0 ? [`cost $${task.usage.costUsd.toFixed(2)} of $${task.budgetUsd.toFixed(2)}`] : []),
  ].join('; ')
}
