import type { TaskId } from '#shared/model/task.ts'
import type { LogPage, LogQuery } from '#shared/protocol/log.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { logLine, MAX_LOG_PAGE } from '#shared/protocol/log.ts'

/** The response to `GET /api/tasks/<id>/log`; an unknown task has no lines. */
export function readLog(sql: SqlStorage, task: TaskId, { attempt, after }: LogQuery): LogPage {
  return attempt === undefined ? tail(sql, task) : page(sql, task, attempt, after)
}

function tail(sql: SqlStorage, task: TaskId): LogPage {
  const rows = sql
    .exec<Row>(
      'SELECT line FROM log_lines WHERE task = ? ORDER BY attempt DESC, n DESC LIMIT ?',
      task,
      MAX_LOG_PAGE + 1,
    )
    .toArray()
  return { lines: parse(rows.slice(0, MAX_LOG_PAGE)).reverse(), more: rows.length > MAX_LOG_PAGE }
}

function page(sql: SqlStorage, task: TaskId, attempt: number, after: number): LogPage {
  const rows = sql
    .exec<Row>(
      'SELECT line FROM log_lines WHERE task = ? AND attempt = ? AND n > ? ORDER BY n LIMIT ?',
      task,
      attempt,
      after,
      MAX_LOG_PAGE + 1,
    )
    .toArray()
  return { lines: parse(rows.slice(0, MAX_LOG_PAGE)), more: rows.length > MAX_LOG_PAGE }
}

interface Row extends Record<string, SqlStorageValue> { line: string }

function parse(rows: readonly Row[]) {
  // A line that cannot be read is left out, so that the others are still shown.
  return rows.flatMap(({ line }) => logLine.safeParse(parseJson(line)).data ?? [])
}
