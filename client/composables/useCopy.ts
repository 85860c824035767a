import { createSharedComposable, useClipboard } from '@vueuse/core'

/** Shared by a page, since each instance would ask the browser for a permission and watch it. */
export const useCopy = createSharedComposable(() => useClipboard({ legacy: true }))
