import type { RunnerStatus } from '#shared/model/status.ts'
import type { EdgeTx } from '../store/store.ts'
import { read, rows } from '#shared/model/rows.ts'
import { RUNNER_STATUS_KEY } from '#shared/model/status.ts'

/** Whether a runner is shown as online. Synchronous, because the alarm must be set right after a commit. */
export function isShownOnline(sql: SqlStorage): boolean {
  const query = 'SELECT json_extract(value, \'$.online\') AS online FROM rows WHERE key = ? AND json_valid(value)'
  const [row] = sql.exec<{ online: number | null }>(query, RUNNER_STATUS_KEY).toArray()
  return row?.online === 1
}

/** Shows the runner as online. `since` stays when it was shown so before: a short reconnect must not change the row. */
export async function setOnline(
  tx: EdgeTx,
  { executor, problems }: Pick<RunnerStatus, 'executor' | 'problems'>,
): Promise<void> {
  const before = await presence(tx)
  await tx.set(RUNNER_STATUS_KEY, { online: true, since: before?.online ? before.since : tx.now, executor, problems })
}

export async function setOffline(tx: EdgeTx): Promise<void> {
  const before = await presence(tx)
  if (before?.online)
    await tx.set(RUNNER_STATUS_KEY, { ...before, online: false, since: tx.now })
}

async function presence(tx: EdgeTx): Promise<RunnerStatus | null> {
  return await read(tx, rows.runner) ?? null
}
