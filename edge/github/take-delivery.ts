import type { TaskId } from '#shared/model/task.ts'
import type { ConcernedTasks } from './concerned-tasks.ts'
import type { Delivery } from './deliveries.ts'
import type { DeliveryContent } from './parse-delivery.ts'
import { findToken } from '../members/tokens.ts'
import { isNewDelivery } from './deliveries.ts'

export interface TakeDeps {
  sql: SqlStorage
  tasksConcerned: ConcernedTasks
  /** Asks the runner to look at these now. */
  look: (tasks: readonly TaskId[]) => void
  now: () => number
}

/** What became of a delivery, as GitHub's list of them shows it. */
export type Outcome = 'looking' | 'no task waits for this' | 'delivered before'

/** A delivery whose signature is right. null: its webhook was revoked. What concerns no task is not even remembered. */
export function takeDelivery({ sql, tasksConcerned, look, now }: TakeDeps, tokenHash: string, { content, delivery }: { content: DeliveryContent, delivery: Delivery }): Outcome | null {
  if (!findToken(sql, 'github', tokenHash, now()))
    return null
  const tasks = content.kind === 'hint' ? tasksConcerned(content.hint) : []
  if (tasks.length === 0)
    return 'no task waits for this'
  if (!isNewDelivery(sql, delivery))
    return 'delivered before'
  look(tasks)
  return 'looking'
}
