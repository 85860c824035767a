import type { ClientRecord } from './store.ts'

type ClientName = Omit<ClientRecord, 'lastMutationID'>

export interface ClientRecords {
  /** The number of the last mutation of this client that was processed; null for a client never heard of. */
  last: (client: ClientName) => number | null
  /** Inside of a transaction. */
  write: (records: readonly ClientRecord[], version: number) => void
  /** The transaction that wrote them has happened. */
  written: (records: readonly ClientRecord[]) => void
}

/** Where each client stands. What was written or read once is known without asking storage: a device that writes is asked for at every change. */
export function createClientRecords(sql: SqlStorage): ClientRecords {
  const known = new Map<string, number>()

  return {
    last(client) {
      const here = known.get(nameOf(client))
      if (here !== undefined)
        return here
      const stored = lastMutationID(sql, client)
      if (stored !== null)
        known.set(nameOf(client), stored)
      return stored
    },
    write: (records, version) => records.forEach(record => writeRecord(sql, record, version)),
    written: records => records.forEach(record => known.set(nameOf(record), record.lastMutationID)),
  }
}

export function lastMutationID(sql: SqlStorage, { clientGroupID, clientID }: ClientName): number | null {
  const [row] = sql.exec<{ last: number }>('SELECT last_mutation AS last FROM clients WHERE client_group = ? AND id = ?', clientGroupID, clientID).toArray()
  return row?.last ?? null
}

function writeRecord(sql: SqlStorage, { clientGroupID, clientID, lastMutationID }: ClientRecord, version: number): void {
  sql.exec(
    `INSERT INTO clients (client_group, id, last_mutation, version) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (client_group, id) DO UPDATE SET last_mutation = ?3, version = ?4`,
    clientGroupID,
    clientID,
    lastMutationID,
    version,
  )
}

function nameOf({ clientGroupID, clientID }: ClientName): string {
  return JSON.stringify([clientGroupID, clientID])
}
