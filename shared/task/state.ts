import type { TaskState, Work } from '../model/task.ts'

export function isFinished(state: TaskState): boolean {
  return state.status === 'merged' || state.status === 'closed' || state.status === 'cancelled'
}

/** The attempt that should be running now, if the state has one. */
export function currentWork(state: TaskState): Work | null {
  return 'work' in state ? state.work : null
}

/** Every fix was tried in vain: the person may still repair it, or run the checks again. */
export function isGivenUp(state: TaskState): state is Extract<TaskState, { status: 'failed' }> {
  return state.status === 'failed' && state.kind === 'checks'
}

/** How many messages came during the present attempt, which therefore has not read them. */
export function unreadMessages(state: TaskState): number {
  return currentWork(state)?.told ?? 0
}
