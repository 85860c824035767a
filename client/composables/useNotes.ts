import type { Note } from '#shared/model/note.ts'
import { nanoid } from 'nanoid'
import { shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

/** The notes, which every request to the model contains, and the person's changes to them. */
export function useNotes() {
  const { rows, mutate } = useMainloop()
  const { problem, attempt } = useProblem(Refused)
  const removed = shallowRef<Note | null>(null)

  async function remove(note: Note) {
    if (await attempt(() => mutate.deleteNote({ id: note.id })))
      removed.value = note
  }

  async function putBack({ text }: Note) {
    if (await attempt(() => mutate.addNote({ id: nanoid(), text })))
      removed.value = null
  }

  return {
    notes: rows.notes,
    problem,
    /** The note that was deleted last, for undoing it. */
    removed,
    add: (text: string) => attempt(() => mutate.addNote({ id: nanoid(), text })),
    edit: (id: string, text: string) => attempt(() => mutate.editNote({ id, text })),
    remove,
    putBack,
  }
}
