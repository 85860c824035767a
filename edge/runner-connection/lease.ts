const KEY = 'runner-lease'

/**
 * The lease of the runner that connected last; 0 before the first. It is stored, so that a superseded runner stays
 * superseded after a restart.
 */
export function currentLease(sql: SqlStorage): number {
  const row = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEY).toArray()[0]
  return row ? Number(row.value) : 0
}

export function setLease(sql: SqlStorage, lease: number): void {
  sql.exec(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    KEY,
    String(lease),
  )
}
