import type { SearchHit } from '#shared/protocol/search.ts'
import type { EdgeSearch } from '../state/edge-search.ts'
import { watchDebounced } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import { MAX_QUERY_LENGTH } from '#shared/search/parse-query.ts'
import { searchRows } from '../lib/search-rows.ts'
import { createEdgeSearch } from '../state/edge-search.ts'
import { useMainloop } from './useMainloop.ts'

/** A pause between two keys. */
const TYPING_MS = 150

/** What is on the device is found with every key; the edge, which has everything, is asked at each pause. */
export function useSearch(edge: EdgeSearch = createEdgeSearch((...args) => fetch(...args))) {
  const { rows, connection } = useMainloop()
  const query = ref('')
  const words = computed(() => query.value.trim() === '' ? '' : query.value.slice(0, MAX_QUERY_LENGTH))
  const fromEdge = shallowRef<{ query: string, hits: SearchHit[] } | null>(null)
  const failed = ref(false)

  async function searchEdge() {
    const asked = words.value
    if (asked === '' || connection.value !== 'live')
      return
    const hits = await edge.find(asked)
    if (asked !== words.value)
      return
    failed.value = hits === null
    fromEdge.value = hits === null ? null : { query: asked, hits }
  }
  watchDebounced(words, searchEdge, { debounce: TYPING_MS })
  watch(connection, searchEdge)

  const whole = computed(() => fromEdge.value?.query === words.value)
  const onDevice = computed(() =>
    words.value === ''
      ? []
      : searchRows({ thread: rows.thread.value, tasks: rows.tasks.value, notes: rows.notes.value }, words.value),
  )
  return {
    query,
    words,
    hits: computed((): readonly SearchHit[] => whole.value && fromEdge.value ? fromEdge.value.hits : onDevice.value),
    /** Only what is on this device was searched, and nothing more is coming. */
    partial: computed(() => words.value !== '' && !whole.value && (connection.value !== 'live' || failed.value)),
    asking: computed(() => words.value !== '' && !whole.value && connection.value === 'live' && !failed.value),
  }
}
