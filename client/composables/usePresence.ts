import { useDocumentVisibility, useWindowFocus } from '@vueuse/core'
import { computed, watch } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** Tells the edge whether the person sees this page, so that their other devices are not notified meanwhile. */
export function usePresence(): void {
  const { connection, setPresence } = useMainloop()
  const visibility = useDocumentVisibility()
  const focused = useWindowFocus()
  const present = computed(() => visibility.value === 'visible' && focused.value)
  // The edge knows no presence on a new connection.
  watch([present, connection], () => connection.value === 'live' && setPresence(present.value), { immediate: true })
}
