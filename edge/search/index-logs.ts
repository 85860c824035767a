import type { LogLine } from '#shared/protocol/log.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { logLine } from '#shared/protocol/log.ts'
import { putDocument } from './documents.ts'

/** Lines of an attempt in one document: keeps documents few, and still locates a hit. */
export const CHUNK_LINES = 40

/** Marks an attempt's lines from `from` on as not indexed; part of the commit that stores them. */
export function queueLinesForIndex(sql: SqlStorage, task: string, attempt: number, from: number): void {
  sql.exec(
    `INSERT INTO search_logs (task, attempt, next) VALUES (?1, ?2, ?3)
     ON CONFLICT (task, attempt) DO UPDATE SET next = min(next, ?3)`,
    task,
    attempt,
    from,
  )
}

/** Chunks indexed at once. */
const BATCH_CHUNKS = 10

/** Indexes some chunks of new lines; a chunk that was not full is indexed again. False when there were no new lines. */
export function indexSomeLogs(sql: SqlStorage): boolean {
  const [due] = sql.exec<Due>('SELECT task, attempt, next FROM search_logs LIMIT 1')
  if (!due)
    return false
  const { task, attempt, next } = due
  const first = firstOf(next)
  const end = first + BATCH_CHUNKS * CHUNK_LINES
  for (let from = first; from < end; from += CHUNK_LINES) {
    const lines = readChunk(sql, task, attempt, from)
    if (lines.length === 0) {
      sql.exec('DELETE FROM search_logs WHERE task = ? AND attempt = ?', task, attempt)
      return true
    }
    putDocument(sql, logKey(task, attempt, from), {
      text: lines.map(({ text }) => text).join('\n'),
      at: lines[0]?.at ?? 0,
    })
  }
  sql.exec('UPDATE search_logs SET next = ? WHERE task = ? AND attempt = ?', end, task, attempt)
  return true
}

export const LOG_PREFIX = 'log/'

/** The lines of the chunk that begins with line `from`. */
export function readChunk(sql: SqlStorage, task: string, attempt: number, from: number): LogLine[] {
  return sql.exec<{ line: string }>(
    'SELECT line FROM log_lines WHERE task = ? AND attempt = ? AND n >= ? AND n < ? ORDER BY n',
    task,
    attempt,
    from,
    from + CHUNK_LINES,
  ).toArray().flatMap(({ line }) => logLine.safeParse(parseJson(line)).data ?? [])
}

interface Due extends Record<string, SqlStorageValue> { task: string, attempt: number, next: number }

function firstOf(n: number): number {
  return n - (n - 1) % CHUNK_LINES
}

function logKey(task: string, attempt: number, from: number): string {
  return `${LOG_PREFIX}${task}/${attempt}/${from}`
}
