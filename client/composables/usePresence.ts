import { useDocumentVisibility, useWindowFocus } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** Tells the edge whether the person has this page before their eyes, so that other devices are quiet meanwhile. */
export function usePresence(): void {
  const { connection, setPresence } = useMainloop()
  const visibility = useDocumentVisibility()
  const focused = useWindowFocus()
  const here = computed(() => visibility.value === 'visible' && focused.value)
  // Each new connection knows nothing yet.
  watch([here, connection], () => connection.value === 'live' && setPresence(here.value), { immediate: true })
}
