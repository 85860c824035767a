import type { TaskEvent } from '../model/task-event.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Tx } from './tx.ts'
import { Refused } from '../model/refusal.ts'
import { read, rows } from '../model/rows.ts'
import { taskKey } from '../model/task.ts'
import { transition } from '../task/machine.ts'
import { appendMessage } from './append-message.ts'

/**
 * Applies an event of any source to a task and appends its announcements to the conversation.
 * Throws `Refused` when the task does not exist or the transition is refused.
 */
export async function applyTaskEvent(tx: Tx, id: TaskId, event: TaskEvent): Promise<Task> {
  const task = await read(tx, rows.task, id)
  if (!task)
    throw new Refused('not-found', 'The task no longer exists.')
  const step = transition(task, event, tx.now)
  if (!step.ok)
    throw new Refused(step.kind, step.message)

  await tx.set(taskKey(id), step.task)
  for (const { text } of step.effects)
    await appendMessage(tx, { kind: 'event', id: `${id}.${step.task.revision}`, at: tx.now, task: id, text })
  return step.task
}
