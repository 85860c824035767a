import type { RunnerStatus } from '#shared/model/status.ts'
import type { EdgeTx } from '../store/store.ts'
import { RUNNER_STATUS_KEY, runnerStatus } from '#shared/model/status.ts'

/**
 * Whether a runner is shown as online. Read without waiting, because the alarm is set in the same breath as a commit.
 */
export function isShownOnline(sql: SqlStorage): boolean {
  const row = sql
    .exec<{ online: number | null }>(
      'SELECT json_extract(value, \'$.online\') AS online FROM rows WHERE key = ?',
      RUNNER_STATUS_KEY,
    )
    .toArray()[0]
  return row?.online === 1
}

/** `since` stays when the runner was shown online before: a reconnect that nobody noticed is not news. */
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
  const row = await tx.get(RUNNER_STATUS_KEY)
  return row === undefined ? null : runnerStatus.parse(row)
}
