import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import type { RunnerDown } from '#shared/protocol/runner.ts'
import { TASK_PREFIX, task as taskSchema } from '#shared/model/task.ts'
import { daySpend } from '#shared/task/day-spend.ts'
import { desired } from '#shared/task/desired.ts'

type DesiredFrame = Extract<RunnerDown, { type: 'desired' }>

/** Everything a runner that just connected must know. What is over and cleaned up is left out. */
export async function fullDesired(rows: ReadTx, now: number): Promise<DesiredFrame> {
  const tasks: DesiredFrame['tasks'] = []
  const all: Task[] = []
  for await (const [, row] of rows.scan(TASK_PREFIX)) {
    const task = taskSchema.parse(row)
    all.push(task)
    const wanted = desired(task)
    if (wanted && wanted.work.do !== 'forget')
      tasks.push(wanted)
  }
  return { type: 'desired', full: true, tasks, spent: daySpend(all, now) }
}

/** What is desired now of the tasks under these keys; null when no runner is concerned. */
export async function changedDesired(rows: ReadTx, keys: readonly string[]): Promise<DesiredFrame | null> {
  const found = await Promise.all(keys.map(key => rows.get(key)))
  const tasks = found.flatMap(row => row === undefined ? [] : desired(taskSchema.parse(row)) ?? [])
  return tasks.length > 0 ? { type: 'desired', full: false, tasks } : null
}
