import type { TaskId, TaskStatus } from '#shared/model/task.ts'
import { computed } from 'vue'
import { inbox } from '#shared/task/inbox.ts'
import { useMinutes } from './useClock.ts'
import { useMainloop } from './useMainloop.ts'

const ACTIVE: readonly TaskStatus[]
  = ['queued', 'planning', 'implementing', 'checking', 'fixing', 'addressing_feedback', 'paused']

/** The inbox items, and the numbers for the badges. */
export function useInbox() {
  const { rows, undoQueue } = useMainloop()
  const now = useMinutes()
  const items = computed(() => inbox(rows.tasks.value, rows.approvals.value, now.value))
  const active = computed(() => rows.tasks.value.filter(({ state }) => ACTIVE.includes(state.status)).length)
  const isDecided = (id: TaskId) => undoQueue.list.value.some(({ task }) => task === id)
  /** Tasks whose decision can still be undone do not count. */
  const open = computed(() => items.value.filter(({ task, kind }) => kind === 'approval' || !isDecided(task)))
  const waiting = computed(() => open.value.length)
  /** Whether some of them were not seen on any device. */
  const hasUnseen = computed(() => open.value.some(({ unseen }) => unseen))
  return { items, waiting, hasUnseen, active }
}
