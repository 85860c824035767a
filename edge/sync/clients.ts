/** Rarely enough that pulls cost almost no written rows; pruning needs a precision of weeks only. */
const SEEN_EVERY_MS = 24 * 3_600_000

/** The lastMutationIDs of the group's clients that moved after `version`. */
export function lastMutationIDChanges(sql: SqlStorage, clientGroupID: string, version: number): Record<string, number> {
  return Object.fromEntries(
    sql
      .exec<{ id: string, last: number }>(
        'SELECT id, last_mutation AS last FROM clients WHERE client_group = ? AND version > ?',
        clientGroupID,
        version,
      )
      .toArray()
      .map(({ id, last }) => [id, last]),
  )
}

export function belongsToAnotherGroup(
  sql: SqlStorage,
  { clientGroupID, clientID }: { clientGroupID: string, clientID: string },
): boolean {
  const query = 'SELECT 1 FROM clients WHERE id = ? AND client_group <> ? LIMIT 1'
  return sql.exec(query, clientID, clientGroupID).toArray().length > 0
}

export function isKnownGroup(sql: SqlStorage, clientGroupID: string): boolean {
  return sql.exec('SELECT 1 FROM client_groups WHERE id = ?', clientGroupID).toArray().length > 0
}

/** Records, at most once a day, that the group is in use and the version it holds. */
export function rememberGroup(
  sql: SqlStorage,
  { clientGroupID, version, now }: { clientGroupID: string, version: number, now: number },
): void {
  sql.exec(
    `INSERT INTO client_groups (id, created_at, seen_at, seen_version) VALUES (?1, ?2, ?2, ?3)
     ON CONFLICT (id) DO UPDATE SET seen_at = ?2, seen_version = MAX(seen_version, ?3) WHERE seen_at <= ?2 - ?4`,
    clientGroupID,
    now,
    version,
    SEEN_EVERY_MS,
  )
}
