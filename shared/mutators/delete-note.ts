import type { Tx } from './tx.ts'
import * as z from 'zod'
import { noteId, noteKey } from '../model/note.ts'

export const deleteNoteArgs = z.object({ id: noteId })

/** Deleting a note that another device has deleted is success. */
export async function deleteNote(tx: Tx, { id }: z.infer<typeof deleteNoteArgs>): Promise<void> {
  await tx.del(noteKey(id))
}
