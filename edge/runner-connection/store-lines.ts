import type { LogLine } from '#shared/protocol/log.ts'
import type { Store } from '../store/store.ts'
import { queueLinesForIndex } from '../search/index-logs.ts'

/**
 * A person reads the end of a log, and the live lines reach the devices anyway: at most about 40 MB an attempt. Lines.
 */
export const MAX_KEPT_LINES = 10_000

const TRUNCATION_NOTICE = 'The log goes on. Its further lines are shown live but are not kept.'

export interface StoredLines {
  attempt: number
  /** Up to here the runner need not send again. */
  n: number
  /** The lines that were new, to be shown live. */
  fresh: LogLine[]
}

/**
 * Stores lines of one attempt that continue what is stored; repeated ones are skipped.
 * Lines after a gap are left out, so the answer says from where to send again.
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
  return (
    sql
      .exec<{ n: number | null }>('SELECT max(n) AS n FROM log_lines WHERE task = ? AND attempt = ?', task, attempt)
      .one()
      .n ?? 0
  )
}

function continuing(lines: readonly LogLine[], stored: number): LogLine[] {
  // What is beyond the bound was not kept, so there a gap cannot be told from a continuation and does not matter.
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
