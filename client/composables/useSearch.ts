import type { SearchHit } from '#shared/protocol/search.ts'
import type { EdgeSearch } from '../state/edge-search.ts'
import { watchDebounced } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import { MAX_QUERY_LENGTH } from '#shared/search/parse-query.ts'
import { searchRows } from '../lib/search-rows.ts'
import { createEdgeSearch } from '../state/edge-search.ts'
import { useMainloop } from './useMainloop.ts'

/** A pause in the typing after which the edge is asked. */
const TYPING_MS = 150

/** Searches this device with every key, and the edge, which has everything, at each pause in the typing. */
export function useSearch(edge: EdgeSearch = createEdgeSearch((...args) => fetch(...args))) {
  const { rows, connection } = useMainloop()
  const query = ref('')
  const searchText = computed(() => query.value.trim() === '' ? '' : query.value.slice(0, MAX_QUERY_LENGTH))
  const fromEdge = shallowRef<{ query: string, hits: SearchHit[] } | null>(null)
  const failed = ref(false)

  async function searchEdge() {
    const searched = searchText.value
    if (searched === '' || connection.value !== 'live')
      return
    const hits = await edge.find(searched)
    if (searched !== searchText.value)
      return
    failed.value = hits === null
    fromEdge.value = hits === null ? null : { query: searched, hits }
  }
  watchDebounced(searchText, searchEdge, { debounce: TYPING_MS })
  watch(connection, searchEdge)

  const isComplete = computed(() => fromEdge.value?.query === searchText.value)
  const onDevice = computed(() => {
    const { thread, tasks, notes } = rows
    return searchText.value === ''
      ? []
      : searchRows({ thread: thread.value, tasks: tasks.value, notes: notes.value }, searchText.value)
  })
  const missing = computed(() => searchText.value !== '' && !isComplete.value)
  const reachable = computed(() => connection.value === 'live' && !failed.value)
  return {
    query,
    searchText,
    hits: computed((): readonly SearchHit[] =>
      isComplete.value && fromEdge.value ? fromEdge.value.hits : onDevice.value),
    /** Only this device was searched, and no answer of the edge is awaited. */
    partial: computed(() => missing.value && !reachable.value),
    asking: computed(() => missing.value && reachable.value),
  }
}
