import type { Message } from '../model/message.ts'
import type { Tx } from './tx.ts'

/** Puts an entry at the end of the conversation and returns its key. */
export async function appendMessage(tx: Tx, message: Message): Promise<string> {
  const key = await tx.nextMessageKey(message.id)
  await tx.set(key, message)
  return key
}
