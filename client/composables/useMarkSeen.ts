import type { ComputedRef } from 'vue'
import type { Task } from '#shared/model/task.ts'
import { useDocumentVisibility } from '@vueuse/core'
import { watchEffect } from 'vue'
import { useMainloop } from './useMainloop.ts'

/** Marks a task's state as seen on all devices once it was on the screen of a visible page. */
export function useMarkSeen(task: ComputedRef<Task | null>) {
  const { mutate } = useMainloop()
  const visibility = useDocumentVisibility()
  watchEffect(() => {
    if (task.value && visibility.value === 'visible' && task.value.seen < task.value.state.since)
      void mutate.markSeen({ task: task.value.id, since: task.value.state.since })
  })
}
