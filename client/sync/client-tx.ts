import type { WriteTransaction } from 'replicache'
import type { Json } from '#shared/model/json.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { pendingMessageKey } from '#shared/model/message.ts'

/** Messages of one mutation keep their order within the millisecond it happened in. */
const MAX_MESSAGES = 1_000

/**
 * A mutator's transaction on a device. `now` must be the same each
 * time one mutation is replayed, and grow from one to the next.
 */
export function clientTx(tx: WriteTransaction, now: number): Tx {
  let messages = 0
  return {
    now,
    get: key => tx.get(key),
    scan: prefix => tx.scan({ prefix }).entries(),
    set: (key, value) => tx.set(key, value as Exclude<Json, undefined>),
    del: key => tx.del(key),
    nextMessageKey: id => Promise.resolve(pendingMessageKey(now * MAX_MESSAGES + messages++, id)),
    emit: () => {},
  }
}
