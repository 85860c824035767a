import type { TaskId } from '#shared/model/task.ts'
import type { FindAffectedTasks } from './find-affected-tasks.ts'
import type { DeliveryContent } from './parse-delivery.ts'
import { findToken } from '../members/tokens.ts'

export interface TakeDeliveryDeps {
  sql: SqlStorage
  findAffectedTasks: FindAffectedTasks
  /** Makes the runner poll these tasks now. */
  poll: (tasks: readonly TaskId[]) => void
  now: () => number
}

/** The result of a delivery, which GitHub's list of deliveries shows. */
export type DeliveryOutcome = 'looking' | 'no task waits for this' | 'delivered before'

/** Takes a verified delivery; null when its webhook was revoked. One that concerns no task is not remembered. */
export function takeDelivery(
  { sql, findAffectedTasks, poll, now }: TakeDeliveryDeps,
  tokenHash: string,
  { content, delivery }: { content: DeliveryContent, delivery: Delivery },
): DeliveryOutcome | null {
  if (!findToken(sql, 'github', tokenHash, now()))
    return null
  const tasks = content.kind === 'hint' ? findAffectedTasks(content.hint) : []
  if (tasks.length === 0)
    return 'no task waits for this'
  if (!isNewDelivery(sql, delivery))
    return 'delivered before'
  poll(tasks)
  return 'looking'
}

/**
 * Several times the deliveries of the days in which GitHub can deliver one again. An older replay costs an extra poll.
 */
export const MAX_REMEMBERED = 10_000

export interface Delivery {
  /** GitHub's id of the delivery. */
  id: string
  /** The signature of the body. The id is not signed, so an attacker may replay a body under another id. */
  signature: string
}

/** Whether this delivery is new; also remembers it. */
function isNewDelivery(sql: SqlStorage, { id, signature }: Delivery): boolean {
  const [row] = sql.exec<{ n: number }>(
    'INSERT INTO deliveries (id, signature) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING n',
    id,
    signature,
  )
  if (!row)
    return false
  sql.exec('DELETE FROM deliveries WHERE n <= ?', row.n - MAX_REMEMBERED)
  return true
}
