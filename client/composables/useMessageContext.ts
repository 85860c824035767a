import type { ThreadEntry } from '../lib/thread.ts'
import type { EdgeSearch } from '../state/edge-search.ts'
import { shallowRef, watch } from 'vue'
import { messageKey } from '#shared/model/message.ts'
import { AROUND_EACH } from '#shared/protocol/search.ts'
import { createEdgeSearch } from '../state/edge-search.ts'
import { useMainloop } from './useMainloop.ts'

/** The messages around a search result, from this device if it has them, else from the edge. */
export function useMessageContext(
  sequence: () => number,
  edge: EdgeSearch = createEdgeSearch((...args) => fetch(...args)),
) {
  const { rows } = useMainloop()
  const entries = shallowRef<readonly ThreadEntry[]>([])
  const state = shallowRef<'loading' | 'loaded' | 'unavailable'>('loading')

  watch(sequence, load, { immediate: true })

  async function load(wanted: number) {
    const found = aroundOnDevice(wanted) ?? await edge.around(wanted)
    if (wanted !== sequence())
      return
    entries.value = found ?? []
    state.value = found && found.length > 0 ? 'loaded' : 'unavailable'
  }

  function aroundOnDevice(wanted: number) {
    const thread = rows.thread.value
    const at = thread.findIndex(({ key }) => key === messageKey(wanted))
    return at === -1 ? null : thread.slice(Math.max(0, at - AROUND_EACH), at + AROUND_EACH + 1)
  }

  return { entries, state }
}
