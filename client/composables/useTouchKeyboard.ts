import type { Ref } from 'vue'
import { useMediaQuery } from '@vueuse/core'

/** Whether the person probably types on the glass, where no key combination can break a line. */
export function useTouchKeyboard(): Readonly<Ref<boolean>> {
  return useMediaQuery('(pointer: coarse)')
}
