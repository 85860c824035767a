import type { SearchHit } from '#shared/protocol/search.ts'
import type { Term } from '#shared/search/parse-query.ts'
import type { FoundDocument } from './find-documents.ts'
import { messageSequence } from '#shared/model/message.ts'
import { NOTE_PREFIX } from '#shared/model/note.ts'
import { rows } from '#shared/model/rows.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'
import { messageText } from '#shared/search/message-text.ts'
import { parseQuery } from '#shared/search/parse-query.ts'
import { snippet } from '#shared/search/snippet.ts'
import { decodeRow } from '../store/rows.ts'
import { readTask } from '../thread/read-task.ts'
import { catchUp } from './catch-up.ts'
import { findDocuments } from './find-documents.ts'
import { LOG_PREFIX, readChunk } from './index-logs.ts'
import { taskText } from './index-text.ts'

export interface SearchOptions {
  limit: number
  /** Length of a snippet. Characters. */
  length: number
}

/** Searches messages, plans, logs and notes. Every text is a valid query; a query without words has no hits. */
export function search(sql: SqlStorage, query: string, { limit, length }: SearchOptions): SearchHit[] {
  catchUp(sql)
  const terms = parseQuery(query)
  return findDocuments(sql, terms, limit).flatMap(found => toHit(sql, found, terms, length))
}

function toHit(sql: SqlStorage, { key, at }: FoundDocument, terms: readonly Term[], length: number): SearchHit[] {
  if (key.startsWith(LOG_PREFIX))
    return logHit(sql, key, at, terms, length)
  const value = valueOf(sql, key)
  if (value === null)
    return []
  if (key.startsWith(NOTE_PREFIX)) {
    const note = decodeRow(rows.note, key, value)
    return note ? [{ kind: 'note', at, note: note.id, snippet: snippet(note.text, terms, length) }] : []
  }
  if (key.startsWith(TASK_PREFIX)) {
    const task = decodeRow(rows.task, key, value)
    return task
      ? [{ kind: 'task', at, task: task.id, title: task.title, snippet: snippet(taskText(task), terms, length) }]
      : []
  }
  const sequence = messageSequence(key)
  const message = decodeRow(rows.message, key, value)
  if (sequence === null || !message || message.kind === 'task')
    return []
  const who = message.kind === 'event' ? 'task' : message.kind
  return [{ kind: 'message', at, sequence, who, snippet: snippet(messageText(message), terms, length) }]
}

function logHit(sql: SqlStorage, key: string, at: number, terms: readonly Term[], length: number): SearchHit[] {
  const [task = '', attempt, from] = key.slice(LOG_PREFIX.length).split('/')
  const text = readChunk(sql, task, Number(attempt), Number(from)).map(line => line.text).join('\n')
  const title = readTask(sql, task)?.title ?? task
  return [{ kind: 'log', at, task, attempt: Number(attempt), title, snippet: snippet(text, terms, length) }]
}

function valueOf(sql: SqlStorage, key: string): string | null {
  return sql.exec<{ value: string | null }>('SELECT value FROM rows WHERE key = ?', key).toArray()[0]?.value ?? null
}
