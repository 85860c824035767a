/** Allows a person to mistype a few times; at this rate a guesser needs more than a lifetime. */
export const MAX_FAILURES = 10
export const FAILURE_WINDOW_MS = 600_000

/** Failures with short codes from all addresses together, so that 40 bits resist many guessers. Links still work. */
export const MAX_SHORT_FAILURES = 30
export const SHORT_CODES = 'short codes'

/** Whether attempts of a bucket, which is an address or all short codes, are refused for now. */
export function isLocked(sql: SqlStorage, bucket: string, now: number): boolean {
  const [row] = sql.exec<{ failures: number }>(
    'SELECT failures FROM attempts WHERE bucket = ? AND since > ?',
    bucket,
    now - FAILURE_WINDOW_MS,
  )
  return (row?.failures ?? 0) >= (bucket === SHORT_CODES ? MAX_SHORT_FAILURES : MAX_FAILURES)
}

export function countFailure(sql: SqlStorage, bucket: string, now: number): void {
  sql.exec('DELETE FROM attempts WHERE since <= ?', now - FAILURE_WINDOW_MS)
  sql.exec(
    `INSERT INTO attempts (bucket, since, failures) VALUES (?, ?, 1)
     ON CONFLICT (bucket) DO UPDATE SET failures = failures + 1`,
    bucket,
    now,
  )
}
