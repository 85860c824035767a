import type { Tx } from '#shared/mutators/tx.ts'
import * as z from 'zod'
import { noteId, noteKey } from '#shared/model/note.ts'
import { Refused } from '#shared/model/refusal.ts'

export const forgetInput = z.object({ note: noteId.describe('The note\'s id, as the list of notes shows it.') })
export type ForgetInput = z.infer<typeof forgetInput>

export async function forget(tx: Tx, { note }: ForgetInput): Promise<string> {
  if (!await tx.del(noteKey(note)))
    throw new Refused('not-found', `There is no note "${note}". ${WHERE_NOTES_ARE}`)
  return `Note ${note} is deleted.`
}

const WHERE_NOTES_ARE = 'The notes stand before the conversation with their ids, and search_history finds them.'
