import type { CheckRun, CommitStatus, Observed, WorkflowRun } from '../observed.ts'

/** The time of the cases: everything was pushed long enough ago, unless a case says otherwise. ms */
export const NOW = Date.parse('2026-03-01T12:00:00Z')

/** Builders take only what a case is about. */
export function observed(given: Partial<Observed> = {}): Observed {
  return {
    checkRuns: [],
    statuses: [],
    workflowRuns: [],
    mergeable: true,
    base: 'main',
    required: [],
    committedAt: NOW - 3_600_000,
    openedAt: NOW - 3_600_000,
    ...given,
  }
}

/** A completed check run of another app; without a conclusion it is still running. */
export function check(name: string, conclusion: string | null, given: Partial<CheckRun> = {}): CheckRun {
  return { id: 1, name, app: 'app', suite: null, status: conclusion === null ? 'in_progress' : 'completed', conclusion, url: null, report: '', ...given }
}

export function status(context: string, state: string, given: Partial<CommitStatus> = {}): CommitStatus {
  return { id: 1, context, state, description: null, url: null, ...given }
}

export function run(name: string, conclusion: string | null, given: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id: 1,
    name,
    path: '.github/workflows/ci.yml',
    workflow: 1,
    event: 'push',
    suite: 10,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    url: 'https://github.com/o/r/actions/runs/1',
    ...given,
  }
}

/** A job of the run with suite 10. */
export function job(name: string, conclusion: string | null, given: Partial<CheckRun> = {}): CheckRun {
  return check(name, conclusion, { app: 'github-actions', suite: 10, ...given })
}
