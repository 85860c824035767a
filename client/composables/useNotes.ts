import type { Note } from '#shared/model/note.ts'
import { nanoid } from 'nanoid'
import { shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

/** What Claude always has in front of it, and the person's hand in it. */
export function useNotes() {
  const { rows, mutate } = useMainloop()
  const problem = shallowRef<string | null>(null)
  const removed = shallowRef<Note | null>(null)

  /** False when this device already knows that it cannot be done; `problem` then says why. */
  async function tried(change: Promise<void>): Promise<boolean> {
    problem.value = null
    try {
      await change
      return true
    }
    catch (error) {
      if (!(error instanceof Refused))
        throw error
      problem.value = error.message
      return false
    }
  }

  async function remove(note: Note) {
    if (await tried(mutate.deleteNote({ id: note.id })))
      removed.value = note
  }

  async function putBack({ text }: Note) {
    if (await tried(mutate.addNote({ id: nanoid(), text })))
      removed.value = null
  }

  return {
    notes: rows.notes,
    problem,
    /** The last one that was deleted here. */
    removed,
    add: (text: string) => tried(mutate.addNote({ id: nanoid(), text })),
    edit: (id: string, text: string) => tried(mutate.editNote({ id, text })),
    remove,
    putBack,
  }
}
