import type { ReadTransaction } from 'replicache'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'

/** A row's new value, not parsed yet; `undefined` when the row was deleted. */
export interface RowChange { key: string, value: unknown }

/**
 * All rows that are not messages, and the messages from the key `from`
 * on: enough for the first paint without reading the whole thread.
 */
export async function readInitialRows(tx: ReadTransaction, from: string): Promise<RowChange[]> {
  const rows: RowChange[] = []
  for await (const [key, value] of tx.scan().entries()) {
    if (key >= MESSAGE_PREFIX)
      break
    rows.push({ key, value })
  }
  for await (const [key, value] of tx.scan({ start: { key: from } }).entries())
    rows.push({ key, value })
  return rows
}
