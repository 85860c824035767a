import type { MessageFile } from '#shared/model/attachment.ts'
import type { FileBytes } from '../state/attachments.ts'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { deliveryWords } from '../lib/delivery.ts'
import { saveFile } from '../lib/save-file.ts'
import { useMainloop } from './useMainloop.ts'

/** A file of a message, always the same one, as it can be shown now. */
export function useFile(file: () => MessageFile) {
  const { attachments, connection } = useMainloop()
  const bytes = shallowRef<FileBytes | null>(null)
  const url = shallowRef<string | null>(null)

  const isThere = computed(() => bytes.value?.state === 'there')
  let over = false

  async function load() {
    const wanted = file()
    if (isThere.value)
      return
    const read = await attachments.read(wanted)
    if (over || isThere.value)
      return
    bytes.value = read
    if (read.state === 'there' && wanted.file.kind === 'image')
      url.value = URL.createObjectURL(new Blob([read.bytes], { type: wanted.file.mime }))
  }

  watch([() => file().state, connection], load, { immediate: true })
  onScopeDispose(() => {
    over = true
    if (url.value)
      URL.revokeObjectURL(url.value)
  })

  return {
    /** For an image; null until there are bytes. */
    url,
    /** Why there is nothing to see, or where the file is; null when there is nothing to say. */
    words: computed(() => {
      const { state } = file()
      if (state === 'refused')
        return 'Could not be taken: it is not what its name says.'
      if (state === 'coming') {
        return isThere.value
          ? connection.value === 'live'
            ? 'Uploading …'
            : deliveryWords(connection.value)
          : 'On its way from another device'
      }
      if (isThere.value)
        return null
      if (bytes.value?.state === 'gone')
        return 'This file is gone.'
      return bytes.value === null || connection.value === 'live'
        ? 'Loading …'
        : 'Not on this device. It comes when you are online.'
    }),
    async save() {
      await load()
      const { file: { name } } = file()
      if (bytes.value?.state === 'there')
        // Never a type that a browser would open.
        saveFile(name, bytes.value.bytes, 'application/octet-stream')
    },
  }
}
