import type { Tx } from '#shared/mutators/tx.ts'
import type { ApprovalDeps } from './request-approval.ts'
import * as z from 'zod'
import { taskMessageText } from '#shared/model/approval.ts'
import { requestApproval } from './request-approval.ts'

export const messageTaskInput = z.object({
  task: z.string().max(100).describe('The task\'s id, as list_tasks shows it.'),
  message: taskMessageText.describe('What the worker shall know or change. It has not read this conversation.'),
})
export type MessageTaskInput = z.infer<typeof messageTaskInput>

export async function messageTask(tx: Tx, { task, message }: MessageTaskInput, deps: ApprovalDeps): Promise<string> {
  return (await requestApproval(tx, { task, wants: { kind: 'message', words: message } }, deps))
    ? `Task ${task} was told. A task under review begins to work on it; \
one at work reads it when its present attempt has ended.`
    : `The person is asked whether task ${task} shall be told this. It is not told before they agree.`
}
