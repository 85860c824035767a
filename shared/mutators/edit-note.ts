import type { Tx } from './tx.ts'
import * as z from 'zod'
import { noteId, noteText } from '../model/note.ts'
import { Refused } from '../model/refusal.ts'
import { read, rows } from '../model/rows.ts'
import { writeNote } from './write-note.ts'

export const editNoteArgs = z.object({ id: noteId, text: noteText })

/** Of two devices that edit the same note, the later one wins; an edit of a deleted note is refused with its text. */
export async function editNote(tx: Tx, { id, text }: z.infer<typeof editNoteArgs>): Promise<void> {
  const note = await read(tx, rows.note, id)
  if (!note)
    throw new Refused('not-found', 'This note was deleted meanwhile.')
  await writeNote(tx, { ...note, text, changedAt: tx.now })
}
