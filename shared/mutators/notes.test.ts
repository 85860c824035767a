import type { Json } from '../model/json.ts'
import type { Tx } from './tx.ts'
import { expect, test } from 'vitest'
import { MAX_NOTE_LENGTH, MAX_NOTES_LENGTH } from '../model/note.ts'
import { addNote, addNoteArgs } from './add-note.ts'
import { deleteNote } from './delete-note.ts'
import { editNote } from './edit-note.ts'

test('a note is added, changed and deleted, and keeps its author and times', async () => {
  const { tx, rows } = memoryTx()
  await addNote(tx(1), { id: 'n1', text: 'Likes tabs' })
  await editNote(tx(2), { id: 'n1', text: 'Likes spaces' })
  expect(rows.get('note/n1')).toEqual({ id: 'n1', text: 'Likes spaces', by: 'person', createdAt: 1, changedAt: 2 })
  await deleteNote(tx(3), { id: 'n1' })
  await deleteNote(tx(4), { id: 'n1' })
  expect(rows.size).toBe(0)
})

test('an edit of a note that another device deleted is refused', async () => {
  await expect(editNote(memoryTx().tx(1), { id: 'gone', text: 'Still there?' })).rejects.toMatchObject({ kind: 'not-found' })
})

test('an id that is in use is refused', async () => {
  const { tx } = memoryTx()
  await addNote(tx(1), { id: 'n1', text: 'one' })
  await expect(addNote(tx(2), { id: 'n1', text: 'two' })).rejects.toMatchObject({ kind: 'illegal' })
})

test('all notes together have a limit; shortening makes room again', async () => {
  const { tx } = memoryTx()
  for (let n = 0; n < MAX_NOTES_LENGTH / MAX_NOTE_LENGTH; n++)
    await addNote(tx(n), { id: `n${n}`, text: 'x'.repeat(MAX_NOTE_LENGTH) })
  await expect(addNote(tx(20), { id: 'more', text: 'y' })).rejects.toMatchObject({ kind: 'too-large' })
  await editNote(tx(21), { id: 'n0', text: 'z'.repeat(MAX_NOTE_LENGTH - 1) })
  await addNote(tx(22), { id: 'more', text: 'y' })
})

test.each([
  ['only spaces', '   '],
  ['too much', 'x'.repeat(MAX_NOTE_LENGTH + 1)],
])('a note of %s is refused by the schema', (_, text) => {
  expect(addNoteArgs.safeParse({ id: 'n1', text }).success).toBe(false)
})

function memoryTx() {
  const rows = new Map<string, Json>()
  const tx = (now: number): Tx => ({
    now,
    get: async key => rows.get(key),
    async* scan(prefix) {
      yield* [...rows].filter(([key]) => key.startsWith(prefix))
    },
    set: async (key, value) => void rows.set(key, value),
    del: async key => rows.delete(key),
    nextMessageKey: async id => id,
    emit: () => {},
  })
  return { rows, tx }
}
