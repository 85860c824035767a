import type { Attachment, AttachmentId } from '#shared/model/attachment.ts'
import { useLocalStorage } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { attachment } from '#shared/model/attachment.ts'
import { MAX_ATTACHMENTS } from '#shared/model/limits.ts'
import { useMainloop } from './useMainloop.ts'

const stored = z.array(attachment).catch([])

/** The files of the draft message. They survive a reload, as its text does. */
export function useDraftFiles() {
  const { attachments } = useMainloop()
  const files = useLocalStorage<Attachment[]>('mainloop.draft.files', [], {
    serializer: { read: text => stored.parse(parseJson(text)), write: JSON.stringify },
    writeDefaults: false,
    // IndexedDB cannot clone the proxies of a deep ref, and these files become part of a mutation.
    shallow: true,
  })
  const problem = shallowRef<string | null>(null)
  const open = shallowRef(0)
  void dropLost()

  async function add(originals: readonly File[]) {
    problem.value = null
    open.value += 1
    try {
      for (const original of originals)
        await addOne(original)
    }
    finally {
      open.value -= 1
    }
  }

  async function addOne(original: File) {
    if (files.value.length >= MAX_ATTACHMENTS) {
      problem.value = `A message can have ${MAX_ATTACHMENTS} files. Send the others with the next one.`
      return
    }
    const prepared = await attachments.add(original)
    if (!prepared.ok)
      problem.value = prepared.problem
    else if (!files.value.some(({ id }) => id === prepared.file.id))
      files.value = [...files.value, prepared.file]
  }

  async function remove(id: AttachmentId) {
    files.value = files.value.filter(file => file.id !== id)
    problem.value = null
    await attachments.drop(id)
  }

  /** Drops files without bytes: another person used this browser, or its storage was cleared. */
  async function dropLost() {
    for (const { id } of files.value) {
      if (!await attachments.has(id))
        files.value = files.value.filter(file => file.id !== id)
    }
  }

  return { files, add, remove, problem, reading: computed(() => open.value > 0) }
}
