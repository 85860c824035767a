import type { Turn } from '#shared/model/turn.ts'
import type { Store } from './store/store.ts'
import { TURN_KEY } from '#shared/model/turn.ts'
import { closeTurn } from './conversation/close-turn.ts'
import { readTurn } from './conversation/turn-record.ts'

const WHY = 'Something went wrong on our side, several times. Your messages are kept; try again.'

/** Answering broke again and again, for no reason the turn itself could name: the person is told, and may try again. */
export async function giveUpAnswer(store: Store, newId: () => string): Promise<void> {
  await store.commit(async (tx) => {
    const row = await tx.get(TURN_KEY) as Turn | undefined
    const id = row && 'id' in row ? row.id : newId()
    const turn = readTurn(store.sql, id)
    if (turn)
      await closeTurn(tx, { turn, outcome: 'failed', text: '', why: WHY }, newId)
    else
      await tx.set(TURN_KEY, { state: 'failed', since: tx.now, id, why: WHY } satisfies Turn)
  })
}
