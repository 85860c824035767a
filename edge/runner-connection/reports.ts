import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import type { RunnerUp } from '#shared/protocol/runner.ts'
import type { EdgeTx, Store } from '../store/store.ts'
import { Refused } from '#shared/model/refusal.ts'
import { applyTaskEvent } from '#shared/mutators/apply-task-event.ts'
import { undeliverable } from '#shared/task/undeliverable.ts'

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

    const refused = await applyOrFail(tx, task, event)
    tx.sideWrite(sql => sql.exec('INSERT INTO reports (id, at, refused) VALUES (?, ?, ?)', id, tx.now, refused))
    return refused
  })
}

function earlierResult(sql: SqlStorage, id: string): { refused: string | null } | undefined {
  return sql.exec<{ refused: string | null }>('SELECT refused FROM reports WHERE id = ?', id).toArray()[0]
}

/** An event that cannot be stored fails its own task: otherwise the task would wait for it for ever. */
async function applyOrFail(tx: EdgeTx, task: TaskId, event: RunnerEvent): Promise<string | null> {
  const refusal = await refusalOf(tx, task, event)
  if (refusal?.kind !== 'too-large' && refusal?.kind !== 'invalid')
    return refusal?.message ?? null
  await refusalOf(tx, task, undeliverable(event, refusal.message))
  return refusal.message
}

async function refusalOf(tx: EdgeTx, task: TaskId, event: RunnerEvent): Promise<Refused | null> {
  try {
    await applyTaskEvent(tx, task, event)
    return null
  }
  catch (error) {
    if (!(error instanceof Refused))
      throw error
    tx.discard()
    return error
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
