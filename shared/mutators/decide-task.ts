import type { Tx } from './tx.ts'
import * as z from 'zod'
import { personEvent } from '../model/task-event.ts'
import { taskId } from '../model/task.ts'
import { applyTaskEvent } from './apply-task-event.ts'

export const decideTaskArgs = z.object({ task: taskId, event: personEvent })

/** Of two devices that decide differently, the later one is refused with the reason. */
export async function decideTask(tx: Tx, { task, event }: z.infer<typeof decideTaskArgs>): Promise<void> {
  await applyTaskEvent(tx, task, event)
}
