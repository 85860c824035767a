import type { Task, TaskId } from '#shared/model/task.ts'
import type { TaskDecision } from '#shared/protocol/tasks.ts'
import type { Store } from '../store/store.ts'
import { Refused } from '#shared/model/refusal.ts'
import { rows as kinds, list } from '#shared/model/rows.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'

export async function answerTasks({ rows }: Store): Promise<Response> {
  const tasks: Task[] = []
  for await (const task of list(rows, kinds.task))
    tasks.push(task)
  return Response.json({ tasks: tasks.sort((a, b) => b.createdAt - a.createdAt) })
}

/** Applies a decision like any other of the person's; a refusal's reason is part of the response. */
export async function answerDecision(store: Store, id: TaskId, decision: TaskDecision): Promise<Response> {
  try {
    await store.commit(tx => applyTaskEvent(tx, id, decision))
    return Response.json({ refused: null })
  }
  catch (error) {
    if (error instanceof Refused)
      return Response.json({ refused: error.message })
    throw error
  }
}
