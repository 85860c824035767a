import type { Json } from '../model/json.ts'

/**
 * Something to do after the commit. The rows of the same commit
 * say so, so it happens even if the object dies in between.
 */
export type Effect
  /** Messages wait for an answer, or the person asked to try again. */
  = | { kind: 'answer' }
  /** The conversation grew: some of it may be due for a summary. */
    | { kind: 'compact' }
  /** Something may wait for the person that a device was not told of. The edge asks for it by itself. */
    | { kind: 'notify' }

/**
 * What a mutator may touch: the part of Replicache's WriteTransaction we use, and what only the edge can decide. Two
 * implementations, one suite: the optimistic one over Replicache and the edge's write overlay.
 */
export interface Tx extends ReadTx {
  /** ms since the epoch, of whoever runs this: the device's in the optimistic run, the edge's in the real one. */
  readonly now: number
  set: (key: string, value: Json) => Promise<void>
  /** True when there was something to delete. */
  del: (key: string) => Promise<boolean>
  /**
   * Where the next entry of the conversation goes: its final place
   * at the edge, a pending one after all others on a device.
   */
  nextMessageKey: (id: string) => Promise<string>
  /** Asks for an effect; the optimistic run ignores it. */
  emit: (effect: Effect) => void
}

export interface ReadTx {
  get: (key: string) => Promise<Json | undefined>
  /** Rows whose key begins with `prefix`, in key order. */
  scan: (prefix: string) => AsyncIterable<readonly [key: string, value: Json]>
}
