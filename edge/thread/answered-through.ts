/** In `meta`, so that one read is enough, however many turns there were. */
const KEY = 'answered_through'

/** Sequence number of the newest answered message; 0 before the first. */
export function readAnsweredThrough(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEY)
  return Number(row?.value ?? 0)
}

export function writeAnsweredThrough(sql: SqlStorage, sequence: number): void {
  sql.exec(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    KEY,
    String(sequence),
  )
}
