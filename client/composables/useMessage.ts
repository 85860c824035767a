import type { ThreadEntry } from '../lib/thread.ts'
import { computed } from 'vue'
import { deliveryWords } from '../lib/delivery.ts'
import { clockTime, exactTime } from '../lib/format.ts'
import { useMainloop } from './useMainloop.ts'

/** An entry of the thread as words: what it says now, when, and whether it has left this device. */
export function useMessage(entry: () => ThreadEntry) {
  const { texts, connection, unsaved } = useMainloop()
  return {
    text: computed(() => texts.textOf(entry())),
    time: computed(() => clockTime(entry().message.at)),
    exact: computed(() => exactTime(entry().message.at)),
    iso: computed(() => new Date(entry().message.at).toISOString()),
    delivery: computed(() =>
      entry().pending ? deliveryWords(connection.value, entry().message.at >= (unsaved.value ?? Infinity)) : null,
    ),
  }
}
