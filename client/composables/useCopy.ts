import { createSharedComposable, useClipboard } from '@vueuse/core'

/** One for all of a page: each asks the browser for a permission and listens to it. */
export const useCopy = createSharedComposable(() => useClipboard({ legacy: true }))
