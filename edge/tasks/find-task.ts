import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import { Refused } from '#shared/model/refusal.ts'
import { read, rows } from '#shared/model/rows.ts'

/** The task that a tool's argument names. Throws `Refused` with a hint when there is none. */
export async function findTask(tx: ReadTx, id: string): Promise<Task> {
  const task = await read(tx, rows.task, id)
  if (!task)
    throw new Refused('not-found', `There is no task "${id.slice(0, 100)}". ${HINT}`)
  return task
}

const HINT = 'Call list_tasks with which "all" to see their ids.'
