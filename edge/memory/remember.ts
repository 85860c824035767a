import type { Tx } from '#shared/mutators/tx.ts'
import * as z from 'zod'
import { noteId, noteText } from '#shared/model/note.ts'
import { Refused } from '#shared/model/refusal.ts'
import { read, rows } from '#shared/model/rows.ts'
import { writeNote } from '#shared/mutators/write-note.ts'

export const rememberInput = z.object({
  text: noteText.describe('The fact, in a sentence or two that can be understood without this conversation.'),
  replaces: noteId.optional().describe('The id of the note this one corrects or brings up to date.'),
})
export type RememberInput = z.infer<typeof rememberInput>

/** Adds or changes a note. Throws `Refused` for an unknown note and when there is no room. */
export async function remember(tx: Tx, { text, replaces }: RememberInput, newNoteId: () => string): Promise<string> {
  if (replaces === undefined) {
    const id = newNoteId()
    await writeNote(tx, { id, text, by: 'claude', createdAt: tx.now, changedAt: tx.now })
    return `Kept as note ${id}. The person can read, change and delete it.`
  }
  const before = await read(tx, rows.note, replaces)
  if (!before)
    throw new Refused('not-found', `There is no note "${replaces}". Leave out "replaces" to keep this as a new note.`)
  await writeNote(tx, { ...before, text, changedAt: tx.now })
  return `Note ${replaces} now says this.`
}
