import type { TaskState } from '#shared/model/task.ts'
import { expect, test } from 'vitest'
import { task } from '../testing/builders.ts'
import { taskChecks } from './task-checks.ts'

const head = 'a1b2c3d'.padEnd(40, '0')
const failure = { kind: 'checks' as const, summary: 'CI / test did not pass (1 of 2).', jobs: [] }

test.each<[string, TaskState, string | null]>([
  [
    'not begun',
    { status: 'checking', since: 0, head, pending: [] },
    'waiting: GitHub has a1b2c3d; its checks have not begun.',
  ],
  ['under way', { status: 'checking', since: 0, head, pending: ['test'] }, 'waiting: Waiting for these on a1b2c3d:'],
  [
    'failed',
    { status: 'fixing', since: 0, work: { attempt: 2, assignment: { phase: 'fix', failure }, startedAt: null } },
    'failed: CI / test did not pass (1 of 2).',
  ],
  ['passed', { status: 'in_review', since: 0, head, ci: 'passed' }, 'passed: All checks passed on a1b2c3d.'],
  [
    'never run',
    { status: 'in_review', since: 0, head, ci: 'none' },
    'none: No check ran on a1b2c3d, so nothing was verified.',
  ],
  [
    'begun after all',
    { status: 'in_review', since: 0, head, ci: 'none', waiting: ['test'] },
    'waiting: Waiting for these on a1b2c3d:',
  ],
  ['of no commit yet', { status: 'proposed', since: 0 }, null],
])('checks that are %s', (_, state, summary) => {
  const checks = taskChecks(task({ state, heads: [head] }))
  expect(checks && `${checks.state}: ${checks.summary}`).toBe(summary)
})
