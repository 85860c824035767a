import { computed } from 'vue'
import { clockTime } from '../lib/format.ts'
import { useMainloop } from './useMainloop.ts'

/** The sentence and action of the connection bar; both null while all is well. */
export function useConnection() {
  const { connection, offlineSince, stuck, stale, wake } = useMainloop()
  const reload = { label: 'Load it', run: () => location.reload() }

  const view = computed(() => {
    if (stale.value || connection.value === 'outdated')
      return { message: 'mainloop has moved on; this page must be loaded again to keep up.', action: reload }
    if (stuck.value !== null) {
      const problem = `What you did here cannot be delivered: ${stuck.value}`
      return { message: `${problem} It is kept on this device.`, action: null }
    }
    switch (connection.value) {
      case 'offline':
        return {
          message: `Offline since ${clockTime(offlineSince.value ?? Date.now())}. Changes are kept.`,
          action: { label: 'Try now', run: wake },
        }
      case 'unauthorized':
        return {
          message: 'This device is no longer paired.',
          action: { label: 'Pair again', run: () => location.assign('/') },
        }
      case 'connecting':
      case 'live':
        return null
    }
    return null
  })

  return { message: computed(() => view.value?.message ?? null), action: computed(() => view.value?.action ?? null) }
}
