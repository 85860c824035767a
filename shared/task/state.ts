import type { TaskState, Work } from '../model/task.ts'

export function isFinished(state: TaskState): boolean {
  return state.status === 'merged' || state.status === 'closed' || state.status === 'cancelled'
}

/** The attempt that should be running, or null. */
export function currentWork(state: TaskState): Work | null {
  return 'work' in state ? state.work : null
}

/** All fixes failed: the person may still repair the branch or run the checks again. */
export function isGivenUp(state: TaskState): state is Extract<TaskState, { status: 'failed' }> {
  return state.status === 'failed' && state.kind === 'checks'
}

/** Number of messages since the running attempt began; it has not read them. */
export function unreadMessages(state: TaskState): number {
  return currentWork(state)?.told ?? 0
}
