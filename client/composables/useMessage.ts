import type { ThreadEntry } from '../lib/thread.ts'
import { computed } from 'vue'
import { deliveryLabel } from '../lib/delivery.ts'
import { clockTime, exactTime } from '../lib/format.ts'
import { useMainloop } from './useMainloop.ts'

/** An entry's current text, time and delivery state, for display. */
export function useMessage(entry: () => ThreadEntry) {
  const { texts, connection, unsaved } = useMainloop()
  return {
    text: computed(() => texts.textOf(entry())),
    time: computed(() => clockTime(entry().message.at)),
    exact: computed(() => exactTime(entry().message.at)),
    iso: computed(() => new Date(entry().message.at).toISOString()),
    delivery: computed(() => {
      const isUnsaved = entry().message.at >= (unsaved.value ?? Infinity)
      return entry().pending ? deliveryLabel(connection.value, isUnsaved) : null
    }),
  }
}
