import type { IndexText } from './index-text.ts'

/** Indexes a text under its key and replaces the former one. */
export function putDocument(sql: SqlStorage, key: string, { text, at }: IndexText): void {
  const before = idOf(sql, key)
  if (before !== null)
    sql.exec('DELETE FROM search WHERE rowid = ?', before)
  const { id } = sql.exec<{ id: number }>(
    'INSERT INTO search_documents (key, at) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET at = ?2 RETURNING id',
    key,
    at,
  ).one()
  sql.exec('INSERT INTO search (rowid, text) VALUES (?, ?)', id, text)
}

export function removeDocument(sql: SqlStorage, key: string): void {
  const id = idOf(sql, key)
  if (id === null)
    return
  sql.exec('DELETE FROM search WHERE rowid = ?', id)
  sql.exec('DELETE FROM search_documents WHERE id = ?', id)
}

function idOf(sql: SqlStorage, key: string): number | null {
  const [row] = sql.exec<{ id: number }>('SELECT id FROM search_documents WHERE key = ?', key)
  return row?.id ?? null
}
