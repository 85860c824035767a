import type { CheckFailure, Task, TaskState } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

type Reviewed = Extract<TaskState, { status: 'in_review' }>

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
      return reviewed(state, commit)
    default:
      return null
  }
}

function reviewed({ ci, waiting = [], ready }: Reviewed, commit: string): TaskChecks {
  switch (ci) {
    case 'passed':
      return { state: 'passed', summary: `All checks passed on ${commit}.` }
    case 'none':
      if (waiting.length > 0)
        return { state: 'waiting', summary: waitingSummary(commit, waiting.length), pending: waiting }
      return { state: 'none', summary: `No check ran on ${commit}, so nothing was verified.` }
    case 'draft': {
      const since = ready ? ' and have not begun since it is ready' : ''
      return { state: 'waiting', summary: `These skip drafts${since}, so ${commit} is not verified:`, pending: waiting }
    }
    case 'pending':
      return { state: 'waiting', summary: waitingSummary(commit, waiting.length), pending: waiting }
    default:
      return unreachable(ci)
  }
}

function waitingSummary(commit: string, pending: number): string {
  return pending === 0 ? `GitHub has ${commit}; its checks have not begun.` : `Waiting for these on ${commit}:`
}
