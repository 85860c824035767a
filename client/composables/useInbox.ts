import { computed } from 'vue'
import { inbox } from '#shared/task/inbox.ts'
import { useMainloop } from './useMainloop.ts'

/** What waits for the person, and the numbers for the badges. */
export function useInbox() {
  const { rows, undoQueue } = useMainloop()
  const items = computed(() => inbox(rows.tasks.value, rows.approvals.value))
  const active = computed(
    () =>
      rows.tasks.value.filter(({ state }) =>
        ['queued', 'planning', 'implementing', 'checking', 'fixing', 'addressing_feedback', 'paused'].includes(
          state.status,
        ),
      ).length,
  )
  /** What was decided and can still be undone does not wait any more. */
  const waiting = computed(
    () =>
      items.value.filter(
        ({ task, kind }) => kind === 'approval' || !undoQueue.list.value.some(decision => decision.task === task),
      ).length,
  )
  return { items, waiting, active }
}
