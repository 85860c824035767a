import type { WriteTransaction } from 'replicache'
import type { Json } from '#shared/model/json.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { pendingMessageKey } from '#shared/model/message.ts'

/** Room for the order of messages that one mutation creates within its millisecond. */
const MAX_MESSAGES = 1_000

/**
 * A mutator's transaction on a device. `now` must be the same on each
 * replay of a mutation, and greater than that of the mutation before.
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
