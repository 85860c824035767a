import type { CheckFailure, Task } from '#shared/model/task.ts'

export type TaskChecks
  = | { state: 'waiting', summary: string, pending: readonly string[] }
    | { state: 'failed', summary: string, jobs: CheckFailure['jobs'] }
    | { state: 'passed' | 'none', summary: string }

/**
 * The state of GitHub's checks on a task's newest commit; null
 * before there is one, and in states whose decision shows it.
 */
export function taskChecks({ state, heads }: Task): TaskChecks | null {
  const commit = heads.at(-1)?.slice(0, 7) ?? 'the last commit'
  switch (state.status) {
    case 'checking':
      return { state: 'waiting', summary: waitingSummary(commit, state.pending.length), pending: state.pending }
    case 'fixing': {
      const { assignment } = state.work
      if (assignment.phase !== 'fix')
        return null
      return { state: 'failed', summary: assignment.failure.summary, jobs: assignment.failure.jobs }
    }
    case 'in_review':
      return state.ci === 'passed'
        ? { state: 'passed', summary: `All checks passed on ${commit}.` }
        : { state: 'none', summary: `No check ran on ${commit}, so nothing was verified.` }
    default:
      return null
  }
}

function waitingSummary(commit: string, pending: number): string {
  return pending === 0 ? `GitHub has ${commit}; its checks have not begun.` : `Waiting for these on ${commit}:`
}
