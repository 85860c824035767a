import type { ClaudeMessage } from '#shared/model/message.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import { readRow, rows } from '#shared/model/rows.ts'
import { appendMessage } from '#shared/mutators/append-message.ts'

export interface ReplyText {
  turn: string
  /** The key of the reply's message; null before its first text. */
  key: string | null
  /** The whole text. When empty, the text of an earlier try stays unless the reply is done. */
  text: string
  state: ClaudeMessage['state']
}

/** Writes the reply's message and returns its key; null for a reply without text. */
export async function writeReply(
  tx: Tx,
  { turn, key, text: given, state }: ReplyText,
  newId: () => string,
): Promise<string | null> {
  // A checkpoint may come between the halves of a surrogate pair.
  const text = given.toWellFormed()
  const before = key === null ? undefined : await readReply(tx, key)
  if (key === null || before === undefined)
    return text === '' ? null : appendMessage(tx, { kind: 'claude', id: newId(), at: tx.now, turn, text, state })

  if (text === '' && state === 'done') {
    await tx.del(key)
    return null
  }
  await tx.set(key, { ...before, text: text === '' ? before.text : text, state })
  return key
}

/** Undefined for a row that is no reply: another one is written after it. */
async function readReply(tx: Tx, key: string): Promise<ClaudeMessage | undefined> {
  const value = await tx.get(key)
  const message = value === undefined ? undefined : readRow(rows.message, key, value)
  return message?.kind === 'claude' ? message : undefined
}
