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

/**
 * Where each client stands. What was written or read once is known without
 * asking storage: a device that writes is asked for at every change.
 */
export function createClientRecords(sql: SqlStorage): ClientRecords {
  /** By group, then by client: joined into one text, the names of two clients could be the same. */
  const known = new Map<string, Map<string, number>>()

  function remember({ clientGroupID, clientID }: ClientName, last: number): void {
    const group = known.get(clientGroupID) ?? new Map<string, number>()
    known.set(clientGroupID, group.set(clientID, last))
  }

  return {
    last(client) {
      const here = known.get(client.clientGroupID)?.get(client.clientID)
      if (here !== undefined)
        return here
      const stored = lastMutationID(sql, client)
      if (stored !== null)
        remember(client, stored)
      return stored
    },
    write: (records, version) => records.forEach(record => writeRecord(sql, record, version)),
    written: records => records.forEach(record => remember(record, record.lastMutationID)),
  }
}

export function lastMutationID(sql: SqlStorage, { clientGroupID, clientID }: ClientName): number | null {
  const [row] = sql
    .exec<{ last: number }>(
      'SELECT last_mutation AS last FROM clients WHERE client_group = ? AND id = ?',
      clientGroupID,
      clientID,
    )
    .toArray()
  return row?.last ?? null
}

function writeRecord(
  sql: SqlStorage,
  { clientGroupID, clientID, lastMutationID }: ClientRecord,
  version: number,
): void {
  sql.exec(
    `INSERT INTO clients (client_group, id, last_mutation, version) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (client_group, id) DO UPDATE SET last_mutation = ?3, version = ?4`,
    clientGroupID,
    clientID,
    lastMutationID,
    version,
  )
}
