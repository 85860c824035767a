import type { Json } from '#shared/model/json.ts'
import type { Effect, ReadTx, Tx } from '#shared/mutators/tx.ts'

/** Replicache's progress of one client; it is written in the commit of the mutation that it counts. */
export interface ClientRecord {
  clientGroupID: string
  clientID: string
  lastMutationID: number
}

/** A mutator's transaction at the edge, which may also write tables that do not sync. */
export interface EdgeTx extends Tx {
  /** Runs inside the commit's one `transactionSync`, after the rows. For side tables only. */
  sideWrite: (write: (sql: SqlStorage) => void) => void
  /** Moves a client's lastMutationID with this commit. */
  acknowledge: (client: ClientRecord) => void
  /** Drops everything this change has written so far, so that a refusal can be written in its place. */
  discard: () => void
}

/** The person's state. There is one implementation; this is the contract that the parts of the edge rely on. */
export interface Store {
  /** The committed rows. */
  readonly rows: ReadTx
  readonly sql: SqlStorage
  /** The version of the last commit that moved a row or a client; never goes backwards. */
  readonly version: () => number
  /** The sequence number of the newest message, deleted ones included. */
  readonly lastMessage: () => number
  /** The number of the client's last processed mutation; null for an unknown client. */
  readonly lastMutationID: (client: Omit<ClientRecord, 'lastMutationID'>) => number | null
  /**
   * Runs `change` on an overlay and commits its writes in one `transactionSync`: rows, version, side tables and outbox.
   * Commits are serialised, so `change` must not wait for another commit. Rejects with the error of `change`, and then
   * nothing is stored.
   */
  commit: <T>(change: (tx: EdgeTx) => Promise<T>) => Promise<T>
  /**
   * Calls `listener` after each commit that moved the version or requested effects; without keys only a client moved.
   * The listener must not throw.
   */
  onCommit: (listener: CommitListener) => void
}

/** The rows that one change wrote, with the JSON that is stored; undefined deletes a row. */
export type Writes = ReadonlyMap<string, { value: Json, text: string } | undefined>

/** `version` is the version after the commit, which is the one before when nothing moved. */
export interface Committed { version: number, writes: Writes, clients: readonly ClientRecord[] }

export type CommitListener = (keys: readonly string[], effects: readonly Effect[], commit: Committed) => void
