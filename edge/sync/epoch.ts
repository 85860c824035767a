import type { Cookie } from '#shared/protocol/replicache.ts'

/** Places of the window at one version; more than any device backfills. */
const DEPTHS = 2 ** 14

/** Versions of one epoch; about 34 years of one commit a second. Leaves room for 500 epochs in a safe integer. */
const VERSIONS = 2 ** 30

/** Raised when storage was restored to an earlier point, so that no device's cookie ever goes backwards. */
export function readEpoch(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = \'epoch\'')
  return row === undefined ? 1 : Number(row.value)
}

/** Storage cannot know that it was restored, so whoever restores it raises the configured epoch. It never falls. */
export function raiseEpoch(sql: SqlStorage, configured: number): void {
  if (configured > readEpoch(sql)) {
    sql.exec(
      'INSERT INTO meta (key, value) VALUES (\'epoch\', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1',
      String(configured),
    )
  }
}

/** `depth` is how far back the window reaches: at one version, more of the past is newer to Replicache. */
export function cookieOrder({ epoch, version, depth }: { epoch: number, version: number, depth: number }): number {
  return (epoch * VERSIONS + version) * DEPTHS + Math.min(Math.max(depth, 0), DEPTHS - 1)
}

/** The version a cookie stands at; null when it is of another epoch or ahead of the store. */
export function cookieVersion({ order }: Cookie, epoch: number, newest: number): number | null {
  const version = Math.floor(order / DEPTHS) - epoch * VERSIONS
  return version >= 0 && version <= newest ? version : null
}
