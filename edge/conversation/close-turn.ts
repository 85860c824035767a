import type { Turn } from '#shared/model/turn.ts'
import type { EdgeTx } from '../store/store.ts'
import type { TurnOutcome, TurnRecord } from './turn-record.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { endTurn } from './turn-record.ts'
import { writeReply } from './write-reply.ts'

export type Ending = { turn: TurnRecord, text: string } & (
  | { outcome: Exclude<TurnOutcome, 'failed'> }
  | { outcome: 'failed', why: string }
)

/** Ends a turn: its message, its record and the synced row, in one commit. */
export async function closeTurn(tx: EdgeTx, { turn, text, ...ending }: Ending, newId: () => string): Promise<void> {
  const reply = await writeReply(tx, { turn: turn.id, key: turn.reply, text, state: ending.outcome }, newId)
  const row: Turn = ending.outcome === 'failed'
    ? { state: 'failed', since: tx.now, id: turn.id, why: ending.why }
    : { state: 'idle', since: tx.now }
  await tx.set(TURN_KEY, row)
  if (ending.outcome !== 'failed')
    tx.emit({ kind: 'compact' })
  tx.sideWrite(sql => endTurn(sql, { ...turn, reply, waits: 0 }, { outcome: ending.outcome, now: tx.now }))
}
