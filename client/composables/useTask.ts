import type { TaskId } from '#shared/model/task.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import { computed } from 'vue'
import { currentWork } from '#shared/task/state.ts'
import { deliveryLabel } from '../lib/delivery.ts'
import { dollars } from '../lib/format.ts'
import { isRunning, progressSteps } from '../lib/task-progress.ts'
import { taskStatusLine } from '../lib/task-status-line.ts'
import { taskLabel, taskTone } from '../lib/task-tone.ts'
import { useElapsed, useMinutes } from './useClock.ts'
import { useMainloop } from './useMainloop.ts'

/** A task with its derived values, for display; null while it is not on this device. */
export function useTask(id: () => TaskId) {
  const { rows, logs, connection, unsaved } = useMainloop()
  const now = useMinutes()
  const task = computed(() => rows.tasks.value.find(task => task.id === id()) ?? null)
  const view = computed(() => {
    if (!task.value)
      return null
    const { state, attempts, usage, budgetUsd } = task.value
    return {
      task: task.value,
      steps: progressSteps(task.value),
      line: taskStatusLine(task.value, rows.runner.value, now.value),
      label: taskLabel(task.value),
      tone: taskTone(task.value),
      running: isRunning(state),
      attempt: currentWork(state)?.attempt ?? attempts,
      delivery: hasPending(rows.thread.value, id()) ? deliveryLabel(connection.value, unsaved.value !== null) : null,
      cost: dollars(usage.costUsd),
      budget: dollars(budgetUsd),
      lastLog: isRunning(state) ? logs.of(task.value.id).at(-1)?.text ?? null : null,
    }
  })
  const clock = useElapsed(() => {
    const state = task.value?.state
    if (!state || !isRunning(state))
      return null
    return 'work' in state ? state.work.startedAt : state.since
  })
  return { task, view, clock, now }
}

/** A pending decision of this device has an event at the end of the thread. */
function hasPending(thread: readonly ThreadEntry[], task: TaskId): boolean {
  for (let i = thread.length - 1; thread[i]?.pending; i--) {
    const message = thread[i]?.message
    if (message?.kind === 'event' && message.task === task)
      return true
  }
  return false
}
