import * as z from 'zod'
import { time } from './bounded.ts'

/** A note is a fact, not a document: every request to the model contains it. Characters. */
export const MAX_NOTE_LENGTH = 1_000

/** All notes together; at most 15,000 tokens in any script. Characters. */
export const MAX_NOTES_LENGTH = 10_000

export const noteId = z.string().regex(/^[\w-]{1,64}$/)
export const noteText = z
  .string()
  .overwrite(given => given.toWellFormed())
  .trim()
  .min(1, 'A note cannot be empty.')
  .max(MAX_NOTE_LENGTH, `A note can have ${MAX_NOTE_LENGTH.toLocaleString('en')} characters at most.`)

/** A fact that Claude or the person keeps for good; always in Claude's context. The row `note/<id>`. */
export const note = z.object({
  id: noteId,
  text: noteText,
  /** The first author. */
  by: z.enum(['person', 'claude']),
  createdAt: time,
  changedAt: time,
})
export type Note = z.infer<typeof note>

export const NOTE_PREFIX = 'note/'

export function noteKey(id: string): string {
  return NOTE_PREFIX + id
}
