import type { Row } from '#shared/protocol/replicache.ts'
import { MESSAGE_PREFIX, messageKey } from '#shared/model/message.ts'
import { decodeValue, endOfPrefix } from '../store/rows.ts'

/** A message with up to `each` messages before and after it, oldest first; empty for an unknown message. */
export function messagesAround(sql: SqlStorage, sequence: number, each: number): Row[] {
  const key = messageKey(sequence)
  const before = read(sql, 'key >= ? AND key < ? ORDER BY key DESC LIMIT ?', MESSAGE_PREFIX, key, each)
  const after = read(sql, 'key >= ? AND key < ? ORDER BY key LIMIT ?', key, endOfPrefix(MESSAGE_PREFIX), each + 1)
  return after[0]?.key === key ? [...before.reverse(), ...after] : []
}

function read(sql: SqlStorage, where: string, from: string, to: string, limit: number): Row[] {
  return sql
    .exec<{ key: string, value: string }>(
      `SELECT key, value FROM rows WHERE value IS NOT NULL AND ${where}`,
      from,
      to,
      limit,
    )
    .toArray()
    .map(({ key, value }) => ({ key, value: decodeValue(value) }))
}
