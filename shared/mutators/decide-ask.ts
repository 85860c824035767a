import type { Ask } from '../model/ask.ts'
import type { Tx } from './tx.ts'
import * as z from 'zod'
import { askId, askKey } from '../model/ask.ts'
import { Refused } from '../model/refusal.ts'
import { applyTaskEvent } from './apply-task-event.ts'
import { askedEvent } from './asked-event.ts'

export const decideAskArgs = z.object({ ask: askId, accept: z.boolean() })

/** The person lets what was asked happen, or not. Of two devices that decided differently, the later one is refused. */
export async function decideAsk(tx: Tx, { ask: id, accept }: z.infer<typeof decideAskArgs>): Promise<void> {
  const ask = await tx.get(askKey(id)) as Ask | undefined
  if (!ask)
    throw new Refused('stale', 'This was decided already.')
  if (accept)
    await applyTaskEvent(tx, ask.task, askedEvent(ask.wants))
  await tx.del(askKey(id))
}
