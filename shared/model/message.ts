import * as z from 'zod'
import { messageFile } from './attachment.ts'
import { text, time } from './bounded.ts'
import { MAX_ATTACHMENTS, MAX_MESSAGE_LENGTH } from './limits.ts'
import { taskId } from './task.ts'

export const messageId = text(64).min(1)

/** One entry of the conversation. Its position is in its key, so a pending message is stored without a change. */
export const message = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    id: messageId,
    at: time,
    /** Empty only when there are files. */
    text: text(MAX_MESSAGE_LENGTH),
    files: z.array(messageFile).max(MAX_ATTACHMENTS).optional(),
  }),
  z.object({
    kind: z.literal('claude'),
    id: messageId,
    at: time,
    turn: text(64),
    /** While streaming this is the last checkpoint; live frames carry the text after it. */
    text: text(),
    state: z.enum(['streaming', 'done', 'stopped', 'failed']),
  }),
  /** The position of a task's card: the task was proposed here. */
  z.object({ kind: z.literal('task'), id: messageId, at: time, task: taskId }),
  /** An event of a task; the person and the next turn read it. */
  z.object({ kind: z.literal('event'), id: messageId, at: time, task: taskId, text: text() }),
])
export type Message = z.infer<typeof message>
export type PersonMessage = Extract<Message, { kind: 'person' }>
export type ClaudeMessage = Extract<Message, { kind: 'claude' }>

export const MESSAGE_PREFIX = 'message/'

/** Sorts after every stored message, so that pending messages are at the end. */
const PENDING = '~'

/** The key of the stored message with this sequence number (1, 2, 3 … in order of arrival at the edge). */
export function messageKey(sequence: number): string {
  return `${MESSAGE_PREFIX}${String(sequence).padStart(12, '0')}`
}

/** The key of a message on the device that wrote it, until the edge gives it a sequence number. */
export function pendingMessageKey(order: number, id: string): string {
  return `${MESSAGE_PREFIX}${PENDING}${String(order).padStart(16, '0')}-${id}`
}

export function isPendingMessageKey(key: string): boolean {
  return key.startsWith(MESSAGE_PREFIX + PENDING)
}

/** The sequence number in a stored message's key; null for a pending message and for any other row. */
export function messageSequence(key: string): number | null {
  if (!key.startsWith(MESSAGE_PREFIX))
    return null
  const sequence = Number(key.slice(MESSAGE_PREFIX.length))
  return Number.isSafeInteger(sequence) ? sequence : null
}
