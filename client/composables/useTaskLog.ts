import type { TaskId } from '#shared/model/task.ts'
import { computed, ref, watch } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** The log of an attempt, loaded from the edge where it is missing, and filtered by a query. */
export function useTaskLog(id: () => TaskId, latest: () => number) {
  const { logs, connection } = useMainloop()
  const chosen = ref<number | null>(null)
  const attempt = computed(() => chosen.value ?? latest())
  const incomplete = ref(false)
  const query = ref('')

  watch([id, attempt, connection], async () => {
    if (attempt.value > 0)
      incomplete.value = !await logs.load(id(), attempt.value)
  }, { immediate: true })

  return {
    attempt,
    choose: (n: number) => void (chosen.value = n),
    query,
    incomplete,
    lines: computed(() => {
      const filter = query.value.trim().toLowerCase()
      return logs
        .of(id())
        .filter(line => line.attempt === attempt.value && (filter === '' || line.text.toLowerCase().includes(filter)))
    }),
  }
}
