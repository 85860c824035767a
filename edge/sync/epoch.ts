import type { Cookie } from '#shared/protocol/replicache.ts'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'

/** Depths that a window may have at one version: more than any device backfills. */
const DEPTHS = 2 ** 14

/** Versions in one epoch: about 34 years of one commit a second. Leaves room for MAX_EPOCH in a safe integer. */
const VERSIONS = 2 ** 30

/** The epoch is raised when storage was restored to an earlier point, so that no cookie ever goes backwards. */
export function readEpoch(sql: SqlStorage): number {
  const [row] = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = \'epoch\'')
  return row === undefined ? 1 : Number(row.value)
}

/** The epoch of the variable EPOCH; throws with a sentence for one that could never be taken back. */
export function parseEpoch(text: string | undefined): number {
  if (text === undefined || text === '')
    return 1
  const epoch = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (epoch < 1 || epoch > MAX_EPOCH)
    throw new Error(`EPOCH is ${JSON.stringify(text)}. Expected: a whole number from 1 to ${MAX_EPOCH}.`)
  return epoch
}

/** Raises the epoch to the configured one: storage cannot know that it was restored. The epoch never falls. */
export function raiseEpoch(sql: SqlStorage, configured: number): void {
  if (configured > readEpoch(sql)) {
    sql.exec(
      'INSERT INTO meta (key, value) VALUES (\'epoch\', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1',
      String(configured),
    )
  }
}

/** The order also grows with `depth`, so that Replicache takes a deeper window at the same version for newer. */
export function cookieOrder({ epoch, version, depth }: { epoch: number, version: number, depth: number }): number {
  return (epoch * VERSIONS + version) * DEPTHS + Math.min(Math.max(depth, 0), DEPTHS - 1)
}

/** The version of a cookie; null when the cookie is of another epoch or ahead of the store. */
export function cookieVersion({ order }: Cookie, epoch: number, newest: number): number | null {
  const version = Math.floor(order / DEPTHS) - epoch * VERSIONS
  return version >= 0 && version <= newest ? version : null
}
