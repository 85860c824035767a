import type { CheckFailure, Task } from '#shared/model/task.ts'

export type TaskChecks
  = | { state: 'waiting', words: string, pending: readonly string[] }
    | { state: 'failed', words: string, jobs: CheckFailure['jobs'] }
    | { state: 'passed' | 'none', words: string }

/**
 * What GitHub's checks say of the commit a task stands at; null
 * before there is one, and where the task's decision says it.
 */
export function taskChecks({ state, heads }: Task): TaskChecks | null {
  const commit = heads.at(-1)?.slice(0, 7) ?? 'the last commit'
  switch (state.status) {
    case 'checking':
      return {
        state: 'waiting',
        words:
          state.pending.length === 0
            ? `GitHub has ${commit}; its checks have not begun.`
            : `Waiting for these on ${commit}:`,
        pending: state.pending,
      }
    case 'fixing':
      return state.work.assignment.phase === 'fix'
        ? { state: 'failed', words: state.work.assignment.failure.summary, jobs: state.work.assignment.failure.jobs }
        : null
    case 'in_review':
      return state.ci === 'passed'
        ? { state: 'passed', words: `All checks passed on ${commit}.` }
        : { state: 'none', words: `No check ran on ${commit}, so nothing was verified.` }
    default:
      return null
  }
}
