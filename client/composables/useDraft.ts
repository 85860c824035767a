import type { Ref } from 'vue'
import { useLocalStorage } from '@vueuse/core'

export interface Draft<T> {
  draft: Ref<T>
  /** Deletes the stored draft once it was sent. */
  forget: () => void
}

/** A person's unsent text; it survives a reload. */
export function useDraft<T extends string | Record<string, string>>(name: string, empty: T): Draft<T> {
  const key = `mainloop.draft.${name}`
  return {
    draft: useLocalStorage(key, empty, { writeDefaults: false }),
    forget: () => localStorage.removeItem(key),
  }
}
