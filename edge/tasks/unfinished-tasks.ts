import type { Task } from '#shared/model/task.ts'
import type { Store } from '../store/store.ts'
import { rows } from '#shared/model/rows.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { isFinished } from '#shared/task/state.ts'
import { decodeRow, endOfPrefix } from '../store/rows.ts'

/** Returns the tasks that are not over. */
export type UnfinishedTasks = () => Task[]

/**
 * Reads all tasks on the first call, afterwards only the changed ones, so that finished tasks and other commits
 * cost nothing. Create it before any commit listener that calls it, because listeners run in order.
 */
export function createUnfinishedTasks({ sql, onCommit }: Store): UnfinishedTasks {
  let known: Map<string, Task> | null = null
  const changed = new Set<string>()

  onCommit((keys) => {
    for (const key of keys.filter(key => key.startsWith(TASK_PREFIX)))
      changed.add(key)
  })

  return () => {
    known ??= readAll(sql)
    for (const key of changed) {
      known.delete(key)
      const row = sql.exec<Row>('SELECT key, value FROM rows WHERE key = ? AND value IS NOT NULL', key)
      for (const task of unfinished(row))
        known.set(...task)
    }
    changed.clear()
    return [...known.values()]
  }
}

function readAll(sql: SqlStorage): Map<string, Task> {
  const query = 'SELECT key, value FROM rows WHERE key >= ? AND key < ? AND value IS NOT NULL'
  return new Map(unfinished(sql.exec<Row>(query, TASK_PREFIX, endOfPrefix(TASK_PREFIX))))
}

function* unfinished(found: Iterable<Row>): Generator<[string, Task]> {
  for (const { key, value } of found) {
    const task = decodeRow(rows.task, key, value)
    if (task && !isFinished(task.state))
      yield [key, task]
  }
}

interface Row extends Record<string, SqlStorageValue> { key: string, value: string }
