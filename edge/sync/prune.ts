import { messageKey } from '#shared/model/message.ts'
import { lastMessageSequence } from '../store/overlay.ts'

const DAY_MS = 24 * 3_600_000

/** A device that was away for longer gets a fresh window instead of the changes. Longer than most holidays. */
const HORIZON_MS = 30 * DAY_MS

/** A device hardly ever comes back with pending mutations after more than a year; if it does, it starts over. */
const GROUP_MS = 400 * DAY_MS

const PRUNED_THROUGH = 'pruned-through'

/** The newest version whose deletions were forgotten: changes from before it are incomplete. */
export function prunedThrough(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', PRUNED_THROUGH)
  return row === undefined ? 0 : Number(row.value)
}

/** Deletes tombstones, clients and groups that no device needs, at most once a day. `version` is the newest one. */
export function prune(sql: SqlStorage, { version, now }: { version: number, now: number }): void {
  const { last } = sql.exec<{ last: number | null }>('SELECT MAX(at) AS last FROM horizons').one()
  if (last !== null && now - last < DAY_MS)
    return
  sql.exec('INSERT INTO horizons (at, version) VALUES (?, ?)', now, version)
  const { horizon } = sql
    .exec<{ horizon: number | null }>('SELECT MAX(version) AS horizon FROM horizons WHERE at <= ?', now - HORIZON_MS)
    .one()
  if (horizon === null)
    return
  sql.exec('DELETE FROM horizons WHERE version < ?', horizon)

  // The row or client with the newest version stays, because a restart reads the version from it.
  const through = Math.min(horizon, version - 1)
  forgetTombstones(sql, through)
  forgetClients(sql, through)
  sql.exec(
    `DELETE FROM client_groups
     WHERE seen_at < ? AND NOT EXISTS (SELECT 1 FROM clients WHERE client_group = client_groups.id)`,
    now - GROUP_MS,
  )
}

/** Keeps the newest message's tombstone, whose number must not be given again. */
function forgetTombstones(sql: SqlStorage, through: number): void {
  const forgotten = sql.exec<{ version: number }>(
    'DELETE FROM rows WHERE value IS NULL AND version <= ? AND key <> ? RETURNING version',
    through,
    messageKey(lastMessageSequence(sql)),
  ).toArray()
  if (forgotten.length > 0) {
    const newest = forgotten.reduce((most, { version }) => Math.max(most, version), prunedThrough(sql))
    sql.exec(
      'INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2',
      PRUNED_THROUGH,
      String(newest),
    )
  }
}

/** Keeps a client whose group has not confirmed the count: its pending mutations would be made twice otherwise. */
function forgetClients(sql: SqlStorage, through: number): void {
  sql.exec(
    'DELETE FROM clients WHERE version <= MIN(?, (SELECT seen_version FROM client_groups WHERE id = client_group))',
    through,
  )
}
