import type { Row } from '#shared/protocol/replicache.ts'
import { MESSAGE_PREFIX, messageKey } from '#shared/model/message.ts'
import { decodeValue, endOfPrefix } from '../store/rows.ts'

/** Bytes of a history page's values: with its keys it fits into one frame, unless it is a single long message. */
export const MAX_HISTORY_PAGE_BYTES = 200_000

/** Limits a page of very short messages, which a device applies all at once. */
export const MAX_HISTORY_PAGE_ROWS = 300

export interface HistoryPage {
  /** Oldest first. */
  rows: Row[]
  /** Whether there are messages before this page. */
  more: boolean
}

/** Reads the newest messages from `from` to before `before` (to the end without it); at least one, however long. */
export function olderMessages(sql: SqlStorage, { before, from = 1 }: { before?: number, from?: number }): HistoryPage {
  const end = before === undefined ? endOfPrefix(MESSAGE_PREFIX) : messageKey(before)
  const rows: Row[] = []
  let bytes = 0
  for (const { key, value, size } of sql.exec<Stored>(
    `SELECT key, value, octet_length(value) AS size FROM rows
     WHERE key >= ? AND key < ? AND value IS NOT NULL ORDER BY key DESC LIMIT ?`,
    messageKey(from),
    end,
    MAX_HISTORY_PAGE_ROWS + 1,
  )) {
    bytes += size
    if (rows.length === MAX_HISTORY_PAGE_ROWS || (rows.length > 0 && bytes > MAX_HISTORY_PAGE_BYTES))
      return { rows: rows.reverse(), more: true }
    rows.push({ key, value: decodeValue(value) })
  }
  return { rows: rows.reverse(), more: false }
}

interface Stored extends Record<string, SqlStorageValue> { key: string, value: string, size: number }
