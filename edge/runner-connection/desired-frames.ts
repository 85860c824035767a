import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import type { RunnerDown } from '#shared/protocol/runner.ts'
import { rows as kinds, list, readRow } from '#shared/model/rows.ts'
import { daySpend } from '#shared/task/day-spend.ts'
import { desired } from '#shared/task/desired.ts'

type DesiredFrame = Extract<RunnerDown, { type: 'desired' }>

/** The frame for a runner that just connected: all desired tasks but those that it can forget, and the day's spend. */
export async function fullDesired(rows: ReadTx, now: number): Promise<DesiredFrame> {
  const tasks: DesiredFrame['tasks'] = []
  const all: Task[] = []
  for await (const task of list(rows, kinds.task)) {
    all.push(task)
    const wanted = desired(task)
    if (wanted && wanted.work.do !== 'forget')
      tasks.push(wanted)
  }
  return { type: 'desired', full: true, tasks, spent: daySpend(all, now) }
}

/** The frame about changed tasks, by their keys; null when none of them concerns a runner. */
export async function changedDesired(rows: ReadTx, keys: readonly string[]): Promise<DesiredFrame | null> {
  const found = await Promise.all(keys.map(async (key) => {
    const row = await rows.get(key)
    return row === undefined ? undefined : readRow(kinds.task, key, row)
  }))
  const tasks = found.flatMap(task => task ? desired(task) ?? [] : [])
  return tasks.length > 0 ? { type: 'desired', full: false, tasks } : null
}
