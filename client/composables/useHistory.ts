import { computed, shallowRef, watch } from 'vue'
import { messageSequence } from '#shared/model/message.ts'
import { useMainloop } from './useMainloop.ts'

/** The past beyond what syncs to this device, page by page as the reader comes to it. */
export function useHistory() {
  const { rows, loadHistory, connection } = useMainloop()
  const state = shallowRef<'idle' | 'loading' | 'unreachable' | 'ended'>('idle')
  const first = computed(() => messageSequence(rows.thread.value[0]?.key ?? '') ?? 1)
  const there = computed(() => first.value > 1 && state.value !== 'ended')

  watch(connection, () => connection.value === 'live' && state.value === 'unreachable' && load())

  async function load() {
    if (state.value === 'loading' || !there.value)
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
    /** What stands above the first message while there are older ones; null when there are none. */
    words: computed(() => {
      if (!there.value)
        return null
      return state.value === 'unreachable'
        ? 'Older messages are not on this device. They come when you are online.'
        : 'Fetching older messages …'
    }),
  }
}
