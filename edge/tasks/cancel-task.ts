import type { Tx } from '#shared/mutators/tx.ts'
import type { ApprovalDeps } from './request-approval.ts'
import * as z from 'zod'
import { text } from '#shared/model/bounded.ts'
import { requestApproval } from './request-approval.ts'

export const cancelTaskInput = z.object({
  task: z.string().max(100).describe('The task\'s id, as list_tasks shows it.'),
  why: text().trim().min(1).max(1000).describe('Why it should end, in a sentence for the person.'),
})
export type CancelTaskInput = z.infer<typeof cancelTaskInput>

export async function cancelTask(tx: Tx, { task, why }: CancelTaskInput, deps: ApprovalDeps): Promise<string> {
  return await requestApproval(tx, { task, wants: { kind: 'cancel', why } }, deps)
    ? `Task ${task} is cancelled.`
    : `The person is asked whether task ${task} shall be cancelled. It goes on until they agree.`
}
