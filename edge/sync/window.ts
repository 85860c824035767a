import type { PatchOperation } from '#shared/protocol/replicache.ts'
import { MESSAGE_PREFIX, messageSequence } from '#shared/model/message.ts'
import { lastMessageSequence } from '../store/overlay.ts'
import { decodeValue, endOfPrefix } from '../store/rows.ts'
import { olderMessages } from './older-messages.ts'

/** So much of the past is on every device in the end; what is older comes by request. */
export const DEVICE_MESSAGES = 10_000

export interface Window { floor: number, patch: PatchOperation[] }

/**
 * What a device begins with: everything that is not a message, and
 * the newest messages. Usable at once, however long the conversation.
 */
export function freshWindow(sql: SqlStorage): Window {
  const { rows } = olderMessages(sql, {})
  return {
    floor: floorOf(rows) ?? 0,
    patch: [{ op: 'clear' }, ...otherRows(sql), ...rows.map(row => ({ op: 'put' as const, ...row }))],
  }
}

/** The next piece of the past below `floor`; null when the device holds all it shall hold. */
export function deeperWindow(sql: SqlStorage, floor: number): Window | null {
  const from = Math.max(1, lastMessageSequence(sql) - DEVICE_MESSAGES + 1)
  if (floor <= from)
    return null
  const { rows, more } = olderMessages(sql, { before: floor, from })
  return { floor: more ? floorOf(rows) ?? from : from, patch: rows.map(row => ({ op: 'put', ...row })) }
}

function floorOf([oldest]: readonly { key: string }[]): number | null {
  return oldest === undefined ? null : messageSequence(oldest.key)
}

/** Two ranges of the key: for one condition with OR, SQLite would read all messages as well. */
function otherRows(sql: SqlStorage): PatchOperation[] {
  return sql.exec<{ key: string, value: string }>(
    `SELECT key, value FROM rows WHERE key < ? AND value IS NOT NULL
     UNION ALL SELECT key, value FROM rows WHERE key >= ? AND value IS NOT NULL`,
    MESSAGE_PREFIX,
    endOfPrefix(MESSAGE_PREFIX),
  ).toArray().map(({ key, value }) => ({ op: 'put', key, value: decodeValue(value) }))
}
