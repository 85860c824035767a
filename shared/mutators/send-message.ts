import type { Tx } from './tx.ts'
import * as z from 'zod'
import { attachment } from '../model/attachment.ts'
import { text } from '../model/bounded.ts'
import { MAX_ATTACHMENTS, MAX_MESSAGE_LENGTH } from '../model/limits.ts'
import { messageId } from '../model/message.ts'
import { appendMessage } from './append-message.ts'

export const sendMessageArgs = z
  .object({
    id: messageId,
    text: text(
      MAX_MESSAGE_LENGTH,
      `A message can have ${MAX_MESSAGE_LENGTH.toLocaleString('en')} characters at most.`,
    ),
    /** Their bytes are uploaded after the message is stored. */
    files: z.array(attachment).max(MAX_ATTACHMENTS, `A message can have ${MAX_ATTACHMENTS} files at most.`).optional(),
  })
  .refine(({ text, files }) => text !== '' || files?.length, 'A message cannot be empty.')

export async function sendMessage(tx: Tx, { id, text, files }: z.infer<typeof sendMessageArgs>): Promise<void> {
  await appendMessage(tx, {
    kind: 'person',
    id,
    at: tx.now,
    text,
    ...(files?.length && { files: files.map(file => ({ file, state: 'coming' })) }),
  })
  tx.emit({ kind: 'answer' })
}
