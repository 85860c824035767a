import { putDocument, removeDocument } from './documents.ts'
import { indexSomeLogs } from './index-logs.ts'
import { indexText } from './index-text.ts'

/** Rows read at once: quick to index, and their texts fit into memory. */
const BATCH_ROWS = 50

/** Maximum that a search waits for: hundreds of rows, a fraction of a second. Pieces. */
const SEARCH_PIECES = 20

/**
 * Brings the index up to the newest commit. The index follows the rows' versions with a cursor and is not part of
 * a commit, so that sending a message writes nothing for it; every search catches up first. Nothing is awaited, so
 * a crash leaves all or nothing. When it is far behind, as after a migration, it does `pieces` pieces and
 * `followCommits` does the rest.
 */
export function catchUp(sql: SqlStorage, pieces: number = SEARCH_PIECES): void {
  for (let done = 0; done < pieces && catchUpSome(sql);)
    done++
}

/** Indexes one piece; false when there was nothing to do. */
export function catchUpSome(sql: SqlStorage): boolean {
  const rows = nextRows(sql, readCursor(sql))
  const last = rows.at(-1)
  if (!last)
    return indexSomeLogs(sql)
  for (const { key, value } of rows)
    indexRow(sql, key, value)
  sql.exec(
    'INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2',
    CURSOR,
    String(last.version),
  )
  return true
}

const CURSOR = 'search.version'

/** The version up to which rows are indexed. */
export function readCursor(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', CURSOR)
  return Number(row?.value ?? 0)
}

/** The rows of the next whole commits. */
function nextRows(sql: SqlStorage, cursor: number): Row[] {
  return sql.exec<Row>(
    `SELECT key, version, value FROM rows WHERE version > ?1
       AND version <= ifnull((SELECT version FROM rows WHERE version > ?1 ORDER BY version LIMIT 1 OFFSET ?2), 9e15)
     ORDER BY version`,
    cursor,
    BATCH_ROWS - 1,
  ).toArray()
}

interface Row extends Record<string, SqlStorageValue> { key: string, version: number, value: string | null }

function indexRow(sql: SqlStorage, key: string, value: string | null): void {
  const found = value === null ? null : indexText(key, value)
  if (found)
    putDocument(sql, key, found)
  else if (value === null)
    removeDocument(sql, key)
}
