import type { PatchOperation } from '#shared/protocol/replicache.ts'
import { MESSAGE_PREFIX, messageSequence } from '#shared/model/message.ts'
import { lastMessageSequence } from '../store/overlay.ts'
import { decodeValue, endOfPrefix } from '../store/rows.ts'
import { olderMessages } from './older-messages.ts'

/** The newest messages that every device holds once it is backfilled; older ones are fetched on request. */
export const DEVICE_MESSAGES = 10_000

export interface Window { floor: number, patch: PatchOperation[] }

/** A device's first rows: all but messages, and the newest messages. Small enough to use at once. */
export function freshWindow(sql: SqlStorage): Window {
  const { rows } = olderMessages(sql, {})
  return {
    floor: floorOf(rows) ?? 0,
    patch: [{ op: 'clear' }, ...otherRows(sql), ...rows.map(row => ({ op: 'put' as const, ...row }))],
  }
}

/** The next piece of messages below `floor`; null when the device holds `DEVICE_MESSAGES` already. */
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

/** Reads two ranges of keys, because SQLite would read all messages too for one condition with OR. */
function otherRows(sql: SqlStorage): PatchOperation[] {
  return sql.exec<{ key: string, value: string }>(
    `SELECT key, value FROM rows WHERE key < ? AND value IS NOT NULL
     UNION ALL SELECT key, value FROM rows WHERE key >= ? AND value IS NOT NULL`,
    MESSAGE_PREFIX,
    endOfPrefix(MESSAGE_PREFIX),
  ).toArray().map(({ key, value }) => ({ op: 'put', key, value: decodeValue(value) }))
}
