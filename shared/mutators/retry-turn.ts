import type { Tx } from './tx.ts'
import * as z from 'zod'
import { Refused } from '../model/refusal.ts'
import { read, rows } from '../model/rows.ts'
import { TURN_KEY } from '../model/turn.ts'

export const retryTurnArgs = z.object({ turn: z.string().max(64) })

/** Sets the failed or waiting turn to running; the edge then goes on with it. */
export async function retryTurn(tx: Tx, { turn: id }: z.infer<typeof retryTurnArgs>): Promise<void> {
  const turn = await read(tx, rows.turn)
  if (!turn || !(turn.state === 'failed' || turn.state === 'waiting') || turn.id !== id)
    throw new Refused('stale', 'That reply is not waiting to be tried again.')
  await tx.set(TURN_KEY, { state: 'running', since: tx.now, id })
  tx.emit({ kind: 'answer' })
}
