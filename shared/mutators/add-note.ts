import type { Tx } from './tx.ts'
import * as z from 'zod'
import { noteId, noteKey, noteText } from '../model/note.ts'
import { Refused } from '../model/refusal.ts'
import { writeNote } from './write-note.ts'

export const addNoteArgs = z.object({ id: noteId, text: noteText })

export async function addNote(tx: Tx, { id, text }: z.infer<typeof addNoteArgs>): Promise<void> {
  if (await tx.get(noteKey(id)) !== undefined)
    throw new Refused('illegal', 'There is already a note with this id.')
  await writeNote(tx, { id, text, by: 'person', createdAt: tx.now, changedAt: tx.now })
}
