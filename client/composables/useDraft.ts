import type { Ref } from 'vue'
import { useLocalStorage } from '@vueuse/core'

export interface Draft<T> {
  draft: Ref<T>
  /** It was sent: nothing is kept for the next time. */
  forget: () => void
}

/** What a person has written and not sent; it survives a reload. */
export function useDraft<T extends string | Record<string, string>>(name: string, empty: T): Draft<T> {
  const key = `mainloop.draft.${name}`
  return {
    draft: useLocalStorage(key, empty, { writeDefaults: false }),
    forget: () => localStorage.removeItem(key),
  }
}
