import type { LogLine } from '#shared/protocol/log.ts'
import type { Store } from '../store/store.ts'
import { queueLinesForIndex } from '../search/index-logs.ts'

/** Lines kept of an attempt, at most about 40 MB. Devices get further lines live. */
export const MAX_KEPT_LINES = 10_000

const TRUNCATION_NOTICE = 'The log goes on. Its further lines are shown live but are not kept.'

export interface StoredLines {
  attempt: number
  /** The last line that the runner need not send again. */
  n: number
  /** The new lines, to be shown live. */
  fresh: LogLine[]
}

/**
 * Stores the lines that continue each attempt's log. Repeated lines are skipped, and lines after a gap are left out, so
 * the result says from where to send again.
 */
export async function storeLines(store: Store, task: string, lines: readonly LogLine[]): Promise<StoredLines[]> {
  const attempts = [...new Set(lines.map(({ attempt }) => attempt))]
  return store.commit(async tx => attempts.map((attempt) => {
    const stored = lastStored(store.sql, task, attempt)
    const fresh = continuing(lines.filter(line => line.attempt === attempt), stored)
    tx.sideWrite((sql) => {
      for (const line of fresh.filter(({ n }) => n <= MAX_KEPT_LINES)) {
        sql.exec(
          'INSERT INTO log_lines (task, attempt, n, line) VALUES (?, ?, ?, ?)',
          task,
          attempt,
          line.n,
          JSON.stringify(kept(line)),
        )
      }
      if (fresh[0])
        queueLinesForIndex(sql, task, attempt, fresh[0].n)
    })
    return { attempt, n: fresh.at(-1)?.n ?? stored, fresh }
  }))
}

function lastStored(sql: SqlStorage, task: string, attempt: number): number {
  const query = 'SELECT max(n) AS n FROM log_lines WHERE task = ? AND attempt = ?'
  return sql.exec<{ n: number | null }>(query, task, attempt).one().n ?? 0
}

function continuing(lines: readonly LogLine[], stored: number): LogLine[] {
  // Lines beyond the limit are not kept, so a gap among them cannot be detected and does not matter.
  let next = stored + 1
  return lines.filter(({ n }) => {
    const follows = n === next || (next > MAX_KEPT_LINES && n > MAX_KEPT_LINES)
    if (follows)
      next = n + 1
    return follows
  })
}

function kept(line: LogLine): LogLine {
  return line.n === MAX_KEPT_LINES ? { ...line, stage: 'runner', kind: 'info', text: TRUNCATION_NOTICE } : line
}
