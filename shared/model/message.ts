import * as z from 'zod'
import { messageFile } from './attachment.ts'
import { MAX_ATTACHMENTS, MAX_MESSAGE_LENGTH } from './limits.ts'
import { taskId } from './task.ts'

export const messageId = z.string().min(1).max(64)

/**
 * One entry of the conversation. Its place is in its key, so
 * that moving from pending to stored does not change the value.
 */
export const message = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('person'),
    id: messageId,
    at: z.number(),
    /** Empty only where files say it all. */
    text: z.string().max(MAX_MESSAGE_LENGTH),
    files: z.array(messageFile).max(MAX_ATTACHMENTS).optional(),
  }),
  z.object({
    kind: z.literal('claude'),
    id: messageId,
    at: z.number(),
    turn: z.string(),
    /** While streaming this is the last checkpoint; what came after it travels in live frames. */
    text: z.string(),
    state: z.enum(['streaming', 'done', 'stopped', 'failed']),
  }),
  /** Where the task was born: its card lives here. */
  z.object({ kind: z.literal('task'), id: messageId, at: z.number(), task: taskId }),
  /** Something happened to a task; both the person and the next turn read it. */
  z.object({ kind: z.literal('event'), id: messageId, at: z.number(), task: taskId, text: z.string() }),
])
export type Message = z.infer<typeof message>
export type PersonMessage = Extract<Message, { kind: 'person' }>
export type ClaudeMessage = Extract<Message, { kind: 'claude' }>

export const MESSAGE_PREFIX = 'message/'

/** Sorts after every stored message, so that what is not delivered yet stands at the end. */
const PENDING = '~'

/** The key of the stored message with this sequence number (1, 2, 3 … in order of arrival at the edge). */
export function messageKey(sequence: number): string {
  return `${MESSAGE_PREFIX}${String(sequence).padStart(12, '0')}`
}

/** Where a message stands on the device that wrote it until the edge gives it its place. */
export function pendingMessageKey(order: number, id: string): string {
  return `${MESSAGE_PREFIX}${PENDING}${String(order).padStart(16, '0')}-${id}`
}

export function isPendingMessageKey(key: string): boolean {
  return key.startsWith(MESSAGE_PREFIX + PENDING)
}

/** The sequence number in a stored message's key; null for a pending one and for the key of anything else. */
export function messageSequence(key: string): number | null {
  if (!key.startsWith(MESSAGE_PREFIX))
    return null
  const sequence = Number(key.slice(MESSAGE_PREFIX.length))
  return Number.isSafeInteger(sequence) ? sequence : null
}
