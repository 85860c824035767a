import * as z from 'zod'
import { text, time } from './bounded.ts'
import { taskId } from './task.ts'

export const approvalId = text(64).min(1)

/** A message to a task, at most as long as a revision of a plan. Characters. */
export const taskMessageText = text().trim().min(1).max(32_000)

/**
 * A request by Claude or an MCP client for an action that only the
 * person may allow: the row `approval/<id>`, deleted with the decision.
 */
export const approval = z.object({
  id: approvalId,
  at: time,
  task: taskId,
  /** The requester: Claude, or the name of a token. */
  by: text(100),
  wants: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cancel'), why: text(1000).min(1) }),
    z.object({ kind: z.literal('message'), words: taskMessageText }),
  ]),
})
export type Approval = z.infer<typeof approval>

export const APPROVAL_PREFIX = 'approval/'

export function approvalKey(id: string): string {
  return APPROVAL_PREFIX + id
}
