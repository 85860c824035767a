import type { TaskId } from '#shared/model/task.ts'
import type { FindAffectedTasks } from './find-affected-tasks.ts'
import type { DeliveryContent } from './parse-delivery.ts'
import { findToken } from '../members/tokens.ts'

export interface TakeDeliveryDeps {
  sql: SqlStorage
  findAffectedTasks: FindAffectedTasks
  /** Asks the runner to look at these now. */
  look: (tasks: readonly TaskId[]) => void
  now: () => number
}

/** What became of a delivery, as GitHub's list of them shows it. */
export type DeliveryOutcome = 'looking' | 'no task waits for this' | 'delivered before'

/** A delivery whose signature is right. null: its webhook was revoked. What concerns no task is not even remembered. */
export function takeDelivery(
  { sql, findAffectedTasks, look, now }: TakeDeliveryDeps,
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
  look(tasks)
  return 'looking'
}

/**
 * Several times what GitHub sends in the days in which it can be asked
 * to deliver something again. A replay older than that costs a look.
 */
export const MAX_REMEMBERED = 10_000

export interface Delivery {
  /** GitHub's own name for it. */
  id: string
  /** Of its body: the id is not signed, so who replays one may make up another. */
  signature: string
}

/** Whether this delivery is new; remembers it. */
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
