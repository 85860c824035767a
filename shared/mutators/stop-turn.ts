import type { Tx } from './tx.ts'
import * as z from 'zod'
import { Refused } from '../model/refusal.ts'
import { read, rows } from '../model/rows.ts'
import { TURN_KEY } from '../model/turn.ts'

export const stopTurnArgs = z.object({ turn: z.string().max(64) })

export async function stopTurn(tx: Tx, { turn: id }: z.infer<typeof stopTurnArgs>): Promise<void> {
  const turn = await read(tx, rows.turn)
  if (turn?.state === 'stopping' && turn.id === id)
    return
  if (!turn || !(turn.state === 'running' || turn.state === 'waiting') || turn.id !== id)
    throw new Refused('stale', 'That reply had already ended.')
  await tx.set(TURN_KEY, { state: 'stopping', since: tx.now, id })
  tx.emit({ kind: 'answer' })
}
