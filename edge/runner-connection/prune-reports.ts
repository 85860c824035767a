/** A runner re-sends what was not acked for as long as it lives; none has been away for a month with a report in its memory. */
const REMEMBERED_MS = 30 * 24 * 3_600_000

/** The whole table is read, so not with every alarm. */
const PRUNE_EVERY_MS = 24 * 3_600_000

const KEY = 'reports-pruned-at'

/** Forgets reports that nobody will send again, at most once a day. */
export function pruneReports(sql: SqlStorage, now: number): void {
  const row = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEY).toArray()[0]
  if (row && now - Number(row.value) < PRUNE_EVERY_MS)
    return
  sql.exec('DELETE FROM reports WHERE at < ?', now - REMEMBERED_MS)
  sql.exec('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', KEY, String(now))
}
