import type { Tx } from './tx.ts'
import * as z from 'zod'
import { approvalId, approvalKey } from '../model/approval.ts'
import { Refused } from '../model/refusal.ts'
import { read, rows } from '../model/rows.ts'
import { applyTaskEvent } from './apply-task-event.ts'
import { approvedEvent } from './approved-event.ts'

export const decideApprovalArgs = z.object({ approval: approvalId, accept: z.boolean() })

/** Of two devices that decide differently, the later one is refused. */
export async function decideApproval(
  tx: Tx,
  { approval: id, accept }: z.infer<typeof decideApprovalArgs>,
): Promise<void> {
  const approval = await read(tx, rows.approval, id)
  if (!approval)
    throw new Refused('stale', 'This was decided already.')
  if (accept)
    await applyTaskEvent(tx, approval.task, approvedEvent(approval.wants))
  await tx.del(approvalKey(id))
}
