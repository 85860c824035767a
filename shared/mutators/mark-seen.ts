import type { Tx } from './tx.ts'
import * as z from 'zod'
import { read, rows } from '../model/rows.ts'
import { taskId, taskKey } from '../model/task.ts'

export const markSeenArgs = z.object({
  task: taskId,
  /** `since` of the state on the screen, so that a newer one stays unseen. */
  since: z.number(),
})

export async function markSeen(tx: Tx, { task: id, since }: z.infer<typeof markSeenArgs>): Promise<void> {
  const task = await read(tx, rows.task, id)
  if (task && task.seen < since)
    await tx.set(taskKey(id), { ...task, seen: since })
}
