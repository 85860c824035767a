import type { ComputedRef } from 'vue'
import type { Task } from '#shared/model/task.ts'
import { useDocumentVisibility } from '@vueuse/core'
import { watchEffect } from 'vue'
import { useMainloop } from './useMainloop.ts'

/**
 * Marks a task's state as seen on all devices once it was on the screen of a visible page. `at`: the time of an item of
 * the inbox that came later than the state.
 */
export function useMarkSeen(task: ComputedRef<Task | null>, at: () => number = () => 0) {
  const { mutate } = useMainloop()
  const visibility = useDocumentVisibility()
  watchEffect(() => {
    const since = Math.max(task.value?.state.since ?? 0, at())
    if (task.value && visibility.value === 'visible' && task.value.seen < since)
      void mutate.markSeen({ task: task.value.id, since })
  })
}
