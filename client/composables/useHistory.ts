import { computed, shallowRef, watch } from 'vue'
import { messageSequence } from '#shared/model/message.ts'
import { useMainloop } from './useMainloop.ts'

/** Loads history pages as the reader scrolls up to them. */
export function useHistory() {
  const { rows, loadHistory, connection } = useMainloop()
  const state = shallowRef<'idle' | 'loading' | 'unreachable' | 'ended'>('idle')
  const first = computed(() => messageSequence(rows.thread.value[0]?.key ?? '') ?? 1)
  const hasMore = computed(() => first.value > 1 && state.value !== 'ended')

  watch(connection, () => connection.value === 'live' && state.value === 'unreachable' && load())

  async function load() {
    if (state.value === 'loading' || !hasMore.value)
      return
    state.value = 'loading'
    const page = await loadHistory(first.value)
    if (page)
      state.value = page.more ? 'idle' : 'ended'
    else
      state.value = 'unreachable'
  }

  return {
    load,
    /** The sentence above the first message; null when there are no older ones. */
    notice: computed(() => {
      if (!hasMore.value)
        return null
      return state.value === 'unreachable'
        ? 'Older messages are not on this device. They come when you are online.'
        : 'Fetching older messages …'
    }),
  }
}
