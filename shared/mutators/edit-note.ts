import type { Note } from '../model/note.ts'
import type { Tx } from './tx.ts'
import * as z from 'zod'
import { noteId, noteKey, noteText } from '../model/note.ts'
import { Refused } from '../model/refusal.ts'
import { writeNote } from './write-note.ts'

export const editNoteArgs = z.object({ id: noteId, text: noteText })

/** Of two devices that changed the same note, the later one wins; a change to a note that is gone is refused with its words. */
export async function editNote(tx: Tx, { id, text }: z.infer<typeof editNoteArgs>): Promise<void> {
  const note = await tx.get(noteKey(id)) as Note | undefined
  if (!note)
    throw new Refused('not-found', 'This note was deleted meanwhile.')
  await writeNote(tx, { ...note, text, changedAt: tx.now })
}
