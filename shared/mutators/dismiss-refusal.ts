import type { Tx } from './tx.ts'
import * as z from 'zod'
import { REFUSAL_PREFIX } from '../model/refusal.ts'

export const dismissRefusalArgs = z.object({ id: z.string().max(200) })

export async function dismissRefusal(tx: Tx, { id }: z.infer<typeof dismissRefusalArgs>): Promise<void> {
  await tx.del(REFUSAL_PREFIX + id)
}
