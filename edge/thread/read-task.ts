import type { Task, TaskId } from '#shared/model/task.ts'
import { rows } from '#shared/model/rows.ts'
import { taskKey } from '#shared/model/task.ts'
import { decodeRow } from '../store/rows.ts'

/** Reads a committed task synchronously; undefined when there is none. */
export function readTask(sql: SqlStorage, id: TaskId): Task | undefined {
  const key = taskKey(id)
  const [row] = sql.exec<{ value: string }>('SELECT value FROM rows WHERE key = ? AND value IS NOT NULL', key)
  return row ? decodeRow(rows.task, key, row.value) : undefined
}
