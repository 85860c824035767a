import type { ReadTransaction } from 'replicache'
import type { Change } from './replica.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'

/** What a screen opens with, without reading the whole past: all rows that are not messages, and the messages from this key on. */
export async function readScreen(tx: ReadTransaction, from: string): Promise<Change[]> {
  const rows: Change[] = []
  for await (const [key, value] of tx.scan().entries()) {
    if (key >= MESSAGE_PREFIX)
      break
    rows.push({ key, value })
  }
  for await (const [key, value] of tx.scan({ start: { key: from } }).entries())
    rows.push({ key, value })
  return rows
}
