import type { MessageFile } from '#shared/model/attachment.ts'
import type { FileBytes } from '../state/attachments.ts'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { deliveryLabel } from '../lib/delivery.ts'
import { saveFile } from '../lib/save-file.ts'
import { useMainloop } from './useMainloop.ts'

/** A file of a message, for display. The getter must always return the same file. */
export function useFile(file: () => MessageFile) {
  const { attachments, connection } = useMainloop()
  const bytes = shallowRef<FileBytes | null>(null)
  const url = shallowRef<string | null>(null)

  const isLoaded = computed(() => bytes.value?.state === 'there')
  let isDisposed = false

  async function load() {
    const wanted = file()
    if (isLoaded.value)
      return
    const read = await attachments.read(wanted)
    if (isDisposed || isLoaded.value)
      return
    bytes.value = read
    if (read.state === 'there' && wanted.file.kind === 'image')
      url.value = URL.createObjectURL(new Blob([read.bytes], { type: wanted.file.mime }))
  }

  watch([() => file().state, connection], load, { immediate: true })
  onScopeDispose(() => {
    isDisposed = true
    if (url.value)
      URL.revokeObjectURL(url.value)
  })

  return {
    /** The address of an image's bytes; null until they are loaded, and for a text. */
    url,
    /** The state of the file as a sentence; null for a loaded and delivered one. */
    status: computed(() => {
      const { state } = file()
      const isOnline = connection.value === 'live'
      if (state === 'refused')
        return 'Could not be taken: it is not what its name says.'
      if (state === 'coming' && !isLoaded.value)
        return 'On its way from another device'
      if (state === 'coming')
        return isOnline ? 'Uploading …' : deliveryLabel(connection.value)
      if (isLoaded.value)
        return null
      if (bytes.value?.state === 'gone')
        return 'This file is gone.'
      return bytes.value === null || isOnline ? 'Loading …' : 'Not on this device. It comes when you are online.'
    }),
    async save() {
      await load()
      const { file: { name } } = file()
      if (bytes.value?.state === 'there')
        // A browser saves this type and never opens it as a page.
        saveFile(name, bytes.value.bytes, 'application/octet-stream')
    },
  }
}
