import type { Json } from '#shared/model/json.ts'
import type { Effect, ReadTx, Tx } from '#shared/mutators/tx.ts'

/** Where a client of Replicache stands; part of the commit of the mutation it counts. */
export interface ClientRecord {
  clientGroupID: string
  clientID: string
  lastMutationID: number
}

/** A mutator's transaction at the edge; it may also write tables that do not sync. */
export interface EdgeTx extends Tx {
  /** Runs inside the commit's one `transactionSync`, after the rows. For side tables only. */
  sideWrite: (write: (sql: SqlStorage) => void) => void
  /** Moves a client's lastMutationID with this commit. */
  acknowledge: (client: ClientRecord) => void
  /** Forgets everything this change did so far, so that a refusal can be written in its place. */
  discard: () => void
}

/**
 * The person's state. Two implementations would be one too many:
 * this is the contract that the parts of the edge program against.
 */
export interface Store {
  /** The committed rows. */
  readonly rows: ReadTx
  readonly sql: SqlStorage
  /** The version of the last commit that moved a row or a client; never goes backwards. */
  readonly version: () => number
  /** The sequence number of the newest message, deleted ones included. */
  readonly lastMessage: () => number
  /** The number of the last mutation of this client that was processed; null for a client never heard of. */
  readonly lastMutationID: (client: Omit<ClientRecord, 'lastMutationID'>) => number | null
  /**
   * Runs `change` on a write overlay and commits what it did in one `transactionSync`: rows,
   * version, side tables, outbox. Commits are serialised, so `change` must not wait for
   * another commit. When it throws, nothing is left behind and the error is the caller's.
   */
  commit: <T>(change: (tx: EdgeTx) => Promise<T>) => Promise<T>
  /**
   * Called after each commit that moved the version (no keys:
   * only a client moved) or asked for effects. Must not throw.
   */
  onCommit: (listener: CommitListener) => void
}

/** What one change did to the rows, each as the JSON that is stored; undefined deletes. */
export type Writes = ReadonlyMap<string, { value: Json, text: string } | undefined>

/** `version` is the one the commit made, or left as it was when nothing moved. */
export interface Committed { version: number, writes: Writes, clients: readonly ClientRecord[] }

export type CommitListener = (keys: readonly string[], effects: readonly Effect[], commit: Committed) => void
