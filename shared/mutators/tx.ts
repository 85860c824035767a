import type { Json } from '../model/json.ts'

/** Work to do after the commit. It is stored in the same commit, so it happens even if the object dies in between. */
export type Effect
  /** Messages wait for an answer, or the person retries a turn. */
  = | { kind: 'answer' }
  /** The conversation grew: a summary may be due. */
    | { kind: 'compact' }
  /** A notification may be due. Mutators do not emit it; the edge adds it by itself. */
    | { kind: 'notify' }

/**
 * A mutator's access to rows: a part of Replicache's WriteTransaction, and decisions that only the edge can make.
 * Two implementations pass the same suite: the optimistic one over Replicache, and the edge's overlay.
 */
export interface Tx extends ReadTx {
  /** ms since the epoch: by the device's clock in the optimistic run, by the edge's in the real one. */
  readonly now: number
  set: (key: string, value: Json) => Promise<void>
  /** True when there was something to delete. */
  del: (key: string) => Promise<boolean>
  /** The key of the next entry of the conversation: final at the edge, pending (after all others) on a device. */
  nextMessageKey: (id: string) => Promise<string>
  /** Requests an effect after the commit; the optimistic run ignores it. */
  emit: (effect: Effect) => void
}

export interface ReadTx {
  get: (key: string) => Promise<Json | undefined>
  /** Rows whose key begins with `prefix`, in key order. */
  scan: (prefix: string) => AsyncIterable<readonly [key: string, value: Json]>
}
