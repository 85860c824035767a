import type { Tx } from './tx.ts'
import * as z from 'zod'
import { text } from '../model/bounded.ts'
import { Refused } from '../model/refusal.ts'
import { problemOf } from '../model/rows.ts'

export const removeRowArgs = z.object({ key: text(300) })

/** Deletes a row that cannot be read. Any other has a mutator of its own, so deleting it here is refused. */
export async function removeRow(tx: Tx, { key }: z.infer<typeof removeRowArgs>): Promise<void> {
  const value = await tx.get(key)
  if (value === undefined)
    return
  if (problemOf(key, value) === null)
    throw new Refused('illegal', 'This can be read, so it is not deleted here.')
  await tx.del(key)
}
