import type { ChecksEvaluation } from '../evaluate-checks.ts'
import type { CheckRun, CommitStatus, Observed, WorkflowRun } from '../observed.ts'

/** The present of the test cases. ms since the epoch. */
export const NOW = Date.parse('2026-03-01T12:00:00Z')

/** A commit without checks that was pushed an hour before `NOW`, except for the overrides. */
export function observed(overrides: Partial<Observed> = {}): Observed {
  return {
    checkRuns: [],
    statuses: [],
    workflowRuns: [],
    mergeable: true,
    base: 'main',
    required: [],
    draftGuards: new Map(),
    committedAt: NOW - 3_600_000,
    openedAt: NOW - 3_600_000,
    ...overrides,
  }
}

/** A check run of an app other than Actions. It is running if its conclusion is null. */
export function check(name: string, conclusion: string | null, overrides: Partial<CheckRun> = {}): CheckRun {
  return { id: 1, name, app: 'app', suite: null, status: conclusion === null ? 'in_progress' : 'completed', conclusion, url: null, report: '', ...overrides }
}

export function status(context: string, state: string, overrides: Partial<CommitStatus> = {}): CommitStatus {
  return { id: 1, context, state, description: null, url: null, ...overrides }
}

export function run(name: string, conclusion: string | null, overrides: Partial<WorkflowRun> = {}): WorkflowRun {
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
    ...overrides,
  }
}

/** A job of the run with suite 10. */
export function job(name: string, conclusion: string | null, overrides: Partial<CheckRun> = {}): CheckRun {
  return check(name, conclusion, { app: 'github-actions', suite: 10, ...overrides })
}

/** An evaluation in a few words, as the tables of cases name it. */
export function describeEvaluation(evaluation: ChecksEvaluation): string {
  switch (evaluation.kind) {
    case 'pending': return `pending ${evaluation.waitingFor.join(', ')}`
    case 'passed': return `passed ${evaluation.checks}`
    case 'failed': return `failed ${evaluation.failing.map(({ name }) => name).join(', ')}`
    case 'draft': return `draft ${evaluation.skipped.join(', ')}`
    case 'none':
    case 'conflict': return evaluation.kind
  }
}
