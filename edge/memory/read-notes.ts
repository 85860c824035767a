import type { Note } from '#shared/model/note.ts'
import { NOTE_PREFIX } from '#shared/model/note.ts'
import { rows } from '#shared/model/rows.ts'
import { decodeRow, endOfPrefix } from '../store/rows.ts'

/** All notes, oldest first, so that a new one leaves the prompt before it unchanged. */
export function readNotes(sql: SqlStorage): Note[] {
  return sql
    .exec<{ key: string, value: string }>(
      'SELECT key, value FROM rows WHERE key >= ? AND key < ? AND value IS NOT NULL',
      NOTE_PREFIX,
      endOfPrefix(NOTE_PREFIX),
    )
    .toArray()
    .flatMap(({ key, value }) => decodeRow(rows.note, key, value) ?? [])
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}
