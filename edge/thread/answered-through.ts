/** In `meta`, so that finding out costs one read however many turns there were. */
const KEY = 'answered_through'

/** The place of the newest message that was answered; 0 before the first. */
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
