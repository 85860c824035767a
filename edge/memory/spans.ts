import type { Span } from './span.ts'
import { summary } from './summary.ts'

/**
 * All spans, oldest first; folded spans are deleted. A summary is parsed on
 * first access, because planning needs only the lengths.
 */
export function readFrontier(sql: SqlStorage): Span[] {
  return sql.exec<Row>('SELECT * FROM spans ORDER BY first').toArray().map(({ first, last, summary: text, ...row }) => {
    let parsed: Span['summary'] | undefined
    return {
      ...row,
      from: first,
      through: last,
      get summary() {
        return parsed ??= summary.parse(JSON.parse(text))
      },
    }
  })
}

/** Stores a span in place of the spans it was folded from. */
export function writeSpan(sql: SqlStorage, span: Span): void {
  sql.exec('DELETE FROM spans WHERE first BETWEEN ? AND ?', span.from, span.through)
  sql.exec(
    'INSERT INTO spans (first, last, level, messages, since, until, summary, tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    span.from,
    span.through,
    span.level,
    span.messages,
    span.since,
    span.until,
    JSON.stringify(span.summary),
    span.tokens,
  )
}

/** Sequence number of the newest summarised message; 0 before the first summary. */
export function readSummarizedThrough(sql: SqlStorage): number {
  const [row] = sql.exec<{ last: number }>('SELECT last FROM spans ORDER BY first DESC LIMIT 1')
  return row?.last ?? 0
}

interface Row extends Record<string, SqlStorageValue> {
  first: number
  last: number
  level: number
  messages: number
  since: number
  until: number
  summary: string
  tokens: number
}
