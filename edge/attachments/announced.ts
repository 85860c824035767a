import type { Attachment, AttachmentId, MessageFile } from '#shared/model/attachment.ts'
import type { PersonMessage } from '#shared/model/message.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { messageKey } from '#shared/model/message.ts'

/** A file, and the place of the message that announced it. */
export interface FilePlace { message: number, id: AttachmentId }

/** What a message said of a file before it came; null when there is no such message, or it said nothing of it. */
export async function findAnnounced(
  rows: Pick<Tx, 'get'>,
  { message: sequence, id }: FilePlace,
): Promise<Attachment | null> {
  const message = (await rows.get(messageKey(sequence))) as PersonMessage | undefined
  return message?.files?.find(({ file }) => file.id === id)?.file ?? null
}

/**
 * Writes into the message what became of its file, and lets the
 * turn that waits for it go on. False: nobody announced it.
 */
export async function markFile(
  tx: Tx,
  { message: sequence, id }: FilePlace,
  state: MessageFile['state'],
): Promise<boolean> {
  const key = messageKey(sequence)
  const message = (await tx.get(key)) as PersonMessage | undefined
  if (!message?.files?.some(({ file }) => file.id === id))
    return false
  // One that is here stays here, whatever is sent in its name afterwards.
  const marked = message.files.map(one => (one.file.id === id && one.state !== 'here' ? { ...one, state } : one))
  if (JSON.stringify(marked) === JSON.stringify(message.files))
    return true
  await tx.set(key, { ...message, files: marked })
  tx.emit({ kind: 'answer' })
  return true
}
