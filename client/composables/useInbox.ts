import type { TaskId, TaskStatus } from '#shared/model/task.ts'
import { computed } from 'vue'
import { inbox } from '#shared/task/inbox.ts'
import { useMainloop } from './useMainloop.ts'

const ACTIVE: readonly TaskStatus[]
  = ['queued', 'planning', 'implementing', 'checking', 'fixing', 'addressing_feedback', 'paused']

/** The inbox items, and the numbers for the badges. */
export function useInbox() {
  const { rows, undoQueue } = useMainloop()
  const items = computed(() => inbox(rows.tasks.value, rows.approvals.value))
  const active = computed(() => rows.tasks.value.filter(({ state }) => ACTIVE.includes(state.status)).length)
  const isDecided = (id: TaskId) => undoQueue.list.value.some(({ task }) => task === id)
  /** Tasks whose decision can still be undone do not count. */
  const waiting = computed(() => items.value.filter(({ task, kind }) => kind === 'approval' || !isDecided(task)).length)
  return { items, waiting, active }
}
