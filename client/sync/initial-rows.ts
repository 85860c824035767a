import type { ReadTransaction } from 'replicache'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'

/** A row of the edge's as it is now, not parsed yet; `undefined`: it was deleted. */
export interface RowChange { key: string, value: unknown }

/**
 * All rows that are not messages, and the messages from this key
 * on: enough to draw the page without reading the whole past.
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
