import type { Note } from '../model/note.ts'
import type { Tx } from './tx.ts'
import { MAX_NOTES_LENGTH, noteKey } from '../model/note.ts'
import { Refused } from '../model/refusal.ts'
import { list, rows } from '../model/rows.ts'

/** Stores a new or changed note. Throws `Refused` when all notes together would be too long. */
export async function writeNote(tx: Tx, note: Note): Promise<void> {
  let length = note.text.length
  for await (const other of list(tx, rows.note))
    length += other.id === note.id ? 0 : other.text.length
  if (length > MAX_NOTES_LENGTH)
    throw new Refused('too-large', NO_ROOM)
  await tx.set(noteKey(note.id), note)
}

const NO_ROOM = `There is no room for this note: all notes together can have \
${MAX_NOTES_LENGTH.toLocaleString('en')} characters. Shorten or delete one first.`
