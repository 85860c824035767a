import type { Json } from '#shared/model/json.ts'
import type { RowKind, SingleRow } from '#shared/model/rows.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { readRow } from '#shared/model/rows.ts'

/** Rows read at once: a cursor must not stay open across an await, where a commit could change what it reads. */
const PAGE_ROWS = 200

/** Reads the committed rows, without tombstones. */
export function createRows(sql: SqlStorage): ReadTx {
  return {
    async get(key) {
      const [row] = sql.exec<{ value: string | null }>('SELECT value FROM rows WHERE key = ?', key)
      return row?.value == null ? undefined : decodeValue(row.value)
    },
    async* scan(prefix) {
      const end = endOfPrefix(prefix)
      let page = firstPage(sql, prefix, end)
      while (page.length > 0) {
        for (const { key, value } of page)
          yield [key, decodeValue(value)]
        page = pageAfter(sql, page.at(-1)?.key ?? end, end)
      }
    },
  }
}

/** An overlay has encoded the column `value`. Damaged text is its own value, which no kind of row can be read from. */
export function decodeValue(value: string): Json {
  return parseJson(value, () => value) as Json
}

/** Decodes a row of a known kind from the text it is stored as; undefined for a row that cannot be read. */
export function decodeRow<T>(kind: RowKind<T> | SingleRow<T>, key: string, text: string): T | undefined {
  return readRow(kind, key, decodeValue(text))
}

/** A key that sorts after every key with this prefix: SQLite compares UTF-8 bytes, and this is the last code point. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`
}

function firstPage(sql: SqlStorage, start: string, end: string): Row[] {
  return sql.exec<Row>(
    'SELECT key, value FROM rows WHERE key >= ? AND key < ? AND value IS NOT NULL ORDER BY key LIMIT ?',
    start,
    end,
    PAGE_ROWS,
  ).toArray()
}

function pageAfter(sql: SqlStorage, key: string, end: string): Row[] {
  return sql.exec<Row>(
    'SELECT key, value FROM rows WHERE key > ? AND key < ? AND value IS NOT NULL ORDER BY key LIMIT ?',
    key,
    end,
    PAGE_ROWS,
  ).toArray()
}

interface Row extends Record<string, SqlStorageValue> { key: string, value: string }
