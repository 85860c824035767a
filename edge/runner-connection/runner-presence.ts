import type { RunnerStatus } from '#shared/model/status.ts'
import type { EdgeTx } from '../store/store.ts'
import { read, rows } from '#shared/model/rows.ts'
import { RUNNER_STATUS_KEY } from '#shared/model/status.ts'
import { decodeRow } from '../store/rows.ts'

/**
 * Whether a runner is shown as online; a row that cannot be read counts as one, so that `setOffline` replaces it.
 * Synchronous, because the alarm must be set right after a commit.
 */
export function isShownOnline(sql: SqlStorage): boolean {
  const query = 'SELECT value FROM rows WHERE key = ? AND value IS NOT NULL'
  const [row] = sql.exec<{ value: string }>(query, RUNNER_STATUS_KEY).toArray()
  return row !== undefined && decodeRow(rows.runner, RUNNER_STATUS_KEY, row.value)?.online !== false
}

/** Shows the runner as online. `since` stays when it was shown so before: a short reconnect must not change the row. */
export async function setOnline(
  tx: EdgeTx,
  { executor, problems }: Pick<RunnerStatus, 'executor' | 'problems'>,
): Promise<void> {
  const before = await presence(tx)
  await tx.set(RUNNER_STATUS_KEY, { online: true, since: before?.online ? before.since : tx.now, executor, problems })
}

/** Leaves a row for which `isShownOnline` is false: otherwise the alarm would fire for it without a pause. */
export async function setOffline(tx: EdgeTx): Promise<void> {
  const before = await presence(tx)
  if (before ? before.online : await tx.get(RUNNER_STATUS_KEY) !== undefined)
    await tx.set(RUNNER_STATUS_KEY, { ...before ?? UNKNOWN, online: false, since: tx.now })
}

/** Replaces the status of a runner whose row cannot be read, until the runner connects again. */
const UNKNOWN = { executor: 'unknown', problems: [] }

async function presence(tx: EdgeTx): Promise<RunnerStatus | null> {
  return await read(tx, rows.runner) ?? null
}
