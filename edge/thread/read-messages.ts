import type { Message } from '#shared/model/message.ts'
import { must } from '#shared/lib/must.ts'
import { MESSAGE_PREFIX, messageKey, messageSequence } from '#shared/model/message.ts'
import { rows } from '#shared/model/rows.ts'
import { decodeRow } from '../store/rows.ts'

export interface StoredMessage { sequence: number, message: Message }

/**
 * The stored messages with sequence numbers above `after`, at most `through`, newest first.
 * Reads lazily: ten of a million cost ten. Do not keep it open across a write.
 */
export function* newestMessages(
  sql: SqlStorage,
  { after, through = LAST_SEQUENCE }: { after: number, through?: number },
): Generator<StoredMessage> {
  const found = sql.exec<{ key: string, value: string }>(
    'SELECT key, value FROM rows WHERE key > ? AND key <= ? AND value IS NOT NULL ORDER BY key DESC',
    messageKey(after),
    messageKey(through),
  )
  yield* readable(found)
}

/** The same, oldest first. */
export function* oldestMessages(
  sql: SqlStorage,
  { after, through = LAST_SEQUENCE }: { after: number, through?: number },
): Generator<StoredMessage> {
  const found = sql.exec<{ key: string, value: string }>(
    'SELECT key, value FROM rows WHERE key > ? AND key <= ? AND value IS NOT NULL ORDER BY key',
    messageKey(after),
    messageKey(through),
  )
  yield* readable(found)
}

function* readable(found: Iterable<{ key: string, value: string }>): Generator<StoredMessage> {
  for (const { key, value } of found) {
    const message = decodeRow(rows.message, key, value)
    if (message)
      yield { sequence: sequenceOf(key), message }
  }
}

/** Sequence number of the newest message; 0 when there is none. */
export function newestSequence(sql: SqlStorage): number {
  const [row] = sql.exec<{ key: string }>(
    'SELECT key FROM rows WHERE key > ? AND key <= ? AND value IS NOT NULL ORDER BY key DESC LIMIT 1',
    MESSAGE_PREFIX,
    messageKey(LAST_SEQUENCE),
  )
  return row ? sequenceOf(row.key) : 0
}

/** Whether the person sent a message after this sequence number. */
export function hasPersonMessageAfter(sql: SqlStorage, sequence: number): boolean {
  const [row] = sql.exec(
    `SELECT key FROM rows WHERE key > ? AND key <= ? AND json_valid(value) AND value ->> '$.kind' = 'person' LIMIT 1`,
    messageKey(sequence),
    messageKey(LAST_SEQUENCE),
  )
  return row !== undefined
}

/** The largest number with the digits of `messageKey`. */
const LAST_SEQUENCE = 999_999_999_999

function sequenceOf(key: string): number {
  return must(messageSequence(key), 'a sequence number in the key of a stored message')
}
