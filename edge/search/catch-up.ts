import { putDocument, removeDocument } from './documents.ts'
import { indexSomeLogs } from './index-logs.ts'
import { indexText } from './index-text.ts'

/** Rows read at once: a moment's work, and their texts fit into memory, however long they are. */
const BATCH_ROWS = 50

/** What a search waits for at most: hundreds of rows, a fraction of a second. Pieces. */
const SEARCH_PIECES = 20

/**
 * Brings the index up to the newest commit. The index follows the rows' versions behind a cursor
 * instead of being part of each commit, so that sending a message writes nothing for it; whoever
 * searches catches up first. Nothing is awaited, so a crash leaves all or nothing. So far behind that
 * it would keep everyone waiting, as after a migration, it does a part; the rest is the follower's.
 */
export function catchUp(sql: SqlStorage, pieces: number = SEARCH_PIECES): void {
  for (let done = 0; done < pieces && catchUpSome(sql);)
    done++
}

/** A piece of that; false when there was no more to do. */
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

/** Up to which version the rows are in the index. */
export function readCursor(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', CURSOR)
  return Number(row?.value ?? 0)
}

/** The rows of the next commits, whole commits only. */
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
