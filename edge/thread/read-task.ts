import type { Task, TaskId } from '#shared/model/task.ts'
import { taskKey } from '#shared/model/task.ts'

/** A committed task, read at once; undefined when there is none. */
export function readTask(sql: SqlStorage, id: TaskId): Task | undefined {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM rows WHERE key = ? AND value IS NOT NULL', taskKey(id))
  return row ? JSON.parse(row.value) as Task : undefined
}
