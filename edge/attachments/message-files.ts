import type { Attachment, AttachmentId, MessageFile } from '#shared/model/attachment.ts'
import type { PersonMessage } from '#shared/model/message.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { messageKey } from '#shared/model/message.ts'
import { rows as kinds, readRow } from '#shared/model/rows.ts'

/** A file and the sequence number of the message that names it. */
export interface FilePlace { message: number, id: AttachmentId }

/** The metadata of a file in its message; null when the message is unknown or does not name the file. */
export async function findMessageFile(
  rows: Pick<Tx, 'get'>,
  { message: sequence, id }: FilePlace,
): Promise<Attachment | null> {
  const message = await readMessage(rows, messageKey(sequence))
  return message?.files?.find(({ file }) => file.id === id)?.file ?? null
}

/** Writes the state of a file into its message and wakes the turn that waits for it. False for an unknown file. */
export async function markFile(
  tx: Tx,
  { message: sequence, id }: FilePlace,
  state: MessageFile['state'],
): Promise<boolean> {
  const key = messageKey(sequence)
  const message = await readMessage(tx, key)
  if (!message?.files?.some(({ file }) => file.id === id))
    return false
  // A stored file keeps its state, whatever is sent under its id afterwards.
  const marked = message.files.map(one => (one.file.id === id && one.state !== 'here' ? { ...one, state } : one))
  if (JSON.stringify(marked) === JSON.stringify(message.files))
    return true
  await tx.set(key, { ...message, files: marked })
  tx.emit({ kind: 'answer' })
  return true
}

async function readMessage(rows: Pick<Tx, 'get'>, key: string): Promise<PersonMessage | undefined> {
  const value = await rows.get(key)
  const message = value === undefined ? undefined : readRow(kinds.message, key, value)
  return message?.kind === 'person' ? message : undefined
}
