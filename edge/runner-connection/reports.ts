import type { RunnerUp } from '#shared/protocol/runner.ts'
import type { Store } from '../store/store.ts'
import { Refused } from '#shared/model/refusal.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'

type Report = Extract<RunnerUp, { type: 'report' }>

/**
 * Applies a report once: its change and the record of its id are one commit. Returns the reason of a refusal, or null;
 * a repeated report gets the same result for as long as it is remembered.
 */
export async function applyReport(store: Store, { id, task, event }: Report): Promise<string | null> {
  return store.commit(async (tx) => {
    const earlier = earlierResult(store.sql, id)
    if (earlier)
      return earlier.refused

    const refused = await refusalOf(() => applyTaskEvent(tx, task, event))
    if (refused !== null)
      tx.discard()
    tx.sideWrite(sql => sql.exec('INSERT INTO reports (id, at, refused) VALUES (?, ?, ?)', id, tx.now, refused))
    return refused
  })
}

function earlierResult(sql: SqlStorage, id: string): { refused: string | null } | undefined {
  return sql.exec<{ refused: string | null }>('SELECT refused FROM reports WHERE id = ?', id).toArray()[0]
}

async function refusalOf(apply: () => Promise<unknown>): Promise<string | null> {
  try {
    await apply()
    return null
  }
  catch (error) {
    if (error instanceof Refused)
      return error.message
    throw error
  }
}

/** A runner sends a report again until it is acknowledged; none is offline for a month with a report in memory. */
const REMEMBERED_MS = 30 * 24 * 3_600_000

/** Rarely, because pruning reads the whole table. */
const PRUNE_EVERY_MS = 24 * 3_600_000

const KEY = 'reports-pruned-at'

/** Deletes reports that no runner will send again, at most once a day. */
export function pruneReports(sql: SqlStorage, now: number): void {
  const row = sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', KEY).toArray()[0]
  if (row && now - Number(row.value) < PRUNE_EVERY_MS)
    return
  sql.exec('DELETE FROM reports WHERE at < ?', now - REMEMBERED_MS)
  sql.exec(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    KEY,
    String(now),
  )
}
