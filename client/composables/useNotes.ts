import type { Note } from '#shared/model/note.ts'
import { nanoid } from 'nanoid'
import { shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

/** What Claude always has in front of it, and the person's hand in it. */
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
    /** The last one that was deleted here. */
    removed,
    add: (text: string) => attempt(() => mutate.addNote({ id: nanoid(), text })),
    edit: (id: string, text: string) => attempt(() => mutate.editNote({ id, text })),
    remove,
    putBack,
  }
}
