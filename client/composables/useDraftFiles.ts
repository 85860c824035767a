import type { Attachment, AttachmentId } from '#shared/model/attachment.ts'
import { useLocalStorage } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { attachment } from '#shared/model/attachment.ts'
import { MAX_ATTACHMENTS } from '#shared/model/limits.ts'
import { useMainloop } from './useMainloop.ts'

const stored = z.array(attachment).catch([])

/** The files of the message that is being written. They survive a reload, as its text does. */
export function useDraftFiles() {
  const { attachments } = useMainloop()
  const files = useLocalStorage<Attachment[]>('mainloop.draft.files', [], {
    serializer: { read: text => stored.parse(parseJson(text)), write: JSON.stringify },
    writeDefaults: false,
    // They go into a change, and a browser's storage takes no proxies.
    shallow: true,
  })
  const problem = shallowRef<string | null>(null)
  const open = shallowRef(0)
  void dropLost()

  async function add(given: readonly File[]) {
    problem.value = null
    open.value += 1
    try {
      for (const file of given)
        await addOne(file)
    }
    finally {
      open.value -= 1
    }
  }

  async function addOne(given: File) {
    if (files.value.length >= MAX_ATTACHMENTS) {
      problem.value = `A message can have ${MAX_ATTACHMENTS} files. Send the others with the next one.`
      return
    }
    const prepared = await attachments.add(given)
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

  /** The bytes of a draft may be gone: another person's on this browser, or storage that was cleared. */
  async function dropLost() {
    for (const { id } of files.value) {
      if (!await attachments.has(id))
        files.value = files.value.filter(file => file.id !== id)
    }
  }

  return { files, add, remove, problem, reading: computed(() => open.value > 0) }
}
