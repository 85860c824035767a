import type { ClientRecord } from './store.ts'

type ClientName = Omit<ClientRecord, 'lastMutationID'>

export interface ClientRecords {
  /** The number of the client's last processed mutation; null for an unknown client. */
  lastMutationID: (client: ClientName) => number | null
  /** Must be called inside the commit's transaction. */
  write: (records: readonly ClientRecord[], version: number) => void
  /** Must be called once the transaction that wrote them has succeeded. */
  committed: (records: readonly ClientRecord[]) => void
}

/** Caches the records, because each mutation of a device reads its client's. */
export function createClientRecords(sql: SqlStorage): ClientRecords {
  /** By group, then by client: the names of two clients could be the same once joined into one text. */
  const cache = new Map<string, Map<string, number>>()

  function remember({ clientGroupID, clientID }: ClientName, last: number): void {
    const group = cache.get(clientGroupID) ?? new Map<string, number>()
    cache.set(clientGroupID, group.set(clientID, last))
  }

  return {
    lastMutationID(client) {
      const cached = cache.get(client.clientGroupID)?.get(client.clientID)
      if (cached !== undefined)
        return cached
      const stored = lastMutationID(sql, client)
      if (stored !== null)
        remember(client, stored)
      return stored
    },
    write: (records, version) => records.forEach(record => writeRecord(sql, record, version)),
    committed: records => records.forEach(record => remember(record, record.lastMutationID)),
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
