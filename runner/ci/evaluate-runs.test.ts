import type { Observed } from './observed.ts'
import { expect, test } from 'vitest'
import { evaluateChecks } from './evaluate-checks.ts'
import { check, describeEvaluation, job, NOW, observed, run } from './testing/builders.ts'

const cases: [title: string, overrides: Partial<Observed>, verdict: string][] = [
  // Workflow runs
  ['a green workflow counts its jobs', { workflowRuns: [run('CI', 'success')], checkRuns: [job('test', 'success'), job('lint', 'success')] }, 'passed 2'],
  [
    'a job is named after its workflow',
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('test', 'failure'), job('lint', 'success')] },
    'failed CI / test',
  ],
  [
    'a queued workflow that has no job yet is waited for',
    { workflowRuns: [run('CI', null, { status: 'queued' })] },
    'pending CI (queued: no runner has taken it yet)',
  ],
  [
    'a queued workflow is waited for although other checks are green',
    { workflowRuns: [run('CI', null, { status: 'queued' })], checkRuns: [check('lint', 'success')] },
    'pending CI (queued: no runner has taken it yet)',
  ],
  [
    'a workflow that waits for another of its concurrency group says so',
    { workflowRuns: [run('CI', null, { status: 'pending' })] },
    'pending CI (waits for another run to end)',
  ],
  ['a workflow between two jobs is waited for', { workflowRuns: [run('CI', null)], checkRuns: [job('test', 'success')] }, 'pending CI'],
  ['a running job is named rather than its workflow', { workflowRuns: [run('CI', null)], checkRuns: [job('test', null)] }, 'pending CI / test'],
  ['a workflow that could not start fails', { workflowRuns: [run('CI', 'startup_failure')] }, 'failed CI'],
  [
    'a workflow that waits for approval by a maintainer is waited for',
    { workflowRuns: [run('CI', 'action_required')] },
    'pending CI (waits for an approval on GitHub)',
  ],
  [
    'a newer run that waits for approval does not hide what an older run failed',
    { workflowRuns: [run('CI', 'failure'), run('CI', 'action_required', { id: 2, suite: 20 })], checkRuns: [job('test', 'failure')] },
    'failed CI / test',
  ],
  [
    'a run that waits for an approval does not hide its own failure',
    { workflowRuns: [run('CI', null, { status: 'waiting' })], checkRuns: [job('test', 'failure')] },
    'failed CI / test',
  ],
  [
    'a workflow that failed although its listed jobs are green fails',
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('test', 'success')] },
    'failed CI',
  ],
  [
    'two jobs of one name in one workflow fail as the workflow',
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('test', 'failure'), job('test', 'success', { id: 2 })] },
    'failed CI',
  ],
  ['a workflow whose jobs are not listed yet counts itself', { workflowRuns: [run('CI', 'success')] }, 'passed 1'],
  [
    'two workflows may have a job of one name',
    {
      workflowRuns: [run('CI', 'failure'), run('Docs', 'success', { id: 2, workflow: 2, suite: 20 })],
      checkRuns: [job('test', 'failure'), job('test', 'success', { id: 2, suite: 20 })],
    },
    'failed CI / test',
  ],
  [
    'a newer run of a workflow replaces the older one and its jobs',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', 'success', { id: 2, suite: 20 })],
      checkRuns: [job('test', 'failure'), job('test', 'success', { id: 2, suite: 20 })],
    },
    'passed 1',
  ],
  [
    'a newer run that is queued is waited for, whatever the older one says',
    {
      workflowRuns: [run('CI', 'success'), run('CI', null, { id: 2, suite: 20, status: 'queued' })],
      checkRuns: [job('test', 'success')],
    },
    'pending CI (queued: no runner has taken it yet)',
  ],
  [
    'the runs for the push and for the pull request both count',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', 'success', { id: 2, suite: 20, event: 'pull_request' })],
      checkRuns: [job('test', 'failure'), job('test', 'success', { id: 2, suite: 20 })],
    },
    'failed CI / test',
  ],
  [
    'a run that was cancelled in favour of a newer one does not count',
    {
      workflowRuns: [run('CI', 'cancelled'), run('CI', 'success', { id: 2, suite: 20, event: 'pull_request' })],
      checkRuns: [job('test', 'cancelled'), job('test', 'success', { id: 2, suite: 20 })],
    },
    'passed 1',
  ],
  [
    'a run that a person cancelled waits for a person',
    { workflowRuns: [run('CI', 'cancelled')], checkRuns: [job('test', 'cancelled')] },
    'pending CI / test (cancelled: run it again)',
  ],
  [
    'a run that was cancelled before it had jobs waits for a person',
    { workflowRuns: [run('CI', 'cancelled')] },
    'pending CI (cancelled: run it again)',
  ],
  [
    'a job that only a cancelled run began does not fail what an older run passed without it',
    {
      workflowRuns: [run('CI', 'success'), run('CI', 'cancelled', { id: 2, suite: 20 })],
      checkRuns: [
        job('test', 'success'),
        job('label', 'skipped', { id: 2 }),
        job('test', 'cancelled', { id: 3, suite: 20 }),
        job('label', 'cancelled', { id: 4, suite: 20 }),
      ],
    },
    'passed 1',
  ],
  [
    'a job that was only ever cancelled is not hidden by an older run of another event',
    {
      workflowRuns: [run('CI', 'success'), run('CI', 'cancelled', { id: 2, suite: 20, event: 'pull_request' })],
      checkRuns: [job('test', 'success'), job('label', 'cancelled', { id: 2, suite: 20 })],
    },
    'pending CI / label (cancelled: run it again)',
  ],
  [
    'a job that was cancelled because another failed costs no wait',
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('test', 'failure'), job('lint', 'cancelled', { id: 2 })] },
    'failed CI / test',
  ],
  ['a job of a workflow that is not listed counts by its app', { checkRuns: [job('test', 'failure')] }, 'failed test'],

  [
    'failed jobs that run again are waited for, not fixed',
    { workflowRuns: [run('CI', null, { status: 'queued' })], checkRuns: [job('test', 'failure'), job('lint', 'success')] },
    'pending CI (queued: no runner has taken it yet)',
  ],
  [
    'a job that was skipped beside one that passed does not count',
    { workflowRuns: [run('CI', 'success')], checkRuns: [job('test', 'success'), job('deploy', 'skipped')] },
    'passed 1',
  ],
  [
    'a job that may fail has failed all the same',
    { workflowRuns: [run('CI', 'success')], checkRuns: [job('nightly', 'failure'), job('test', 'success')] },
    'failed CI / nightly',
  ],
  ['a workflow that went stale waits for a person', { workflowRuns: [run('CI', 'stale')] }, 'pending CI (stale: run it again)'],
  ['a workflow that timed out with its job fails once', { workflowRuns: [run('CI', 'timed_out')], checkRuns: [job('test', 'timed_out')] }, 'failed CI / test'],

  // Runs that edits, labels and new titles start
  [
    'a job that a newer run skipped does not hide its failure',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', 'skipped', { id: 2, suite: 20 }), run('Docs', 'success', { id: 3, workflow: 2, suite: 30 })],
      checkRuns: [job('test', 'failure'), job('test', 'skipped', { id: 2, suite: 20 }), job('build', 'success', { id: 3, suite: 30 })],
    },
    'failed CI / test',
  ],
  [
    'a job that a newer run skipped does not hide that it passed',
    {
      workflowRuns: [run('CI', 'success'), run('CI', 'skipped', { id: 2, suite: 20 })],
      checkRuns: [job('test', 'success'), job('test', 'skipped', { id: 2, suite: 20 })],
    },
    'passed 1',
  ],
  [
    'each job counts in the newest run in which it ran',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', 'success', { id: 2, suite: 20 })],
      checkRuns: [
        job('test', 'failure'),
        job('title', 'failure', { id: 2 }),
        job('test', 'skipped', { id: 3, suite: 20 }),
        job('title', 'success', { id: 4, suite: 20 }),
      ],
    },
    'failed CI / test',
  ],
  [
    'a skipped run does not end the wait for an older one',
    {
      workflowRuns: [run('CI', null), run('CI', 'skipped', { id: 2, suite: 20 })],
      checkRuns: [job('test', null), job('test', 'skipped', { id: 2, suite: 20 })],
    },
    'pending CI / test',
  ],
  [
    'a cancelled run does not fail what an older run passed',
    {
      workflowRuns: [run('CI', 'success'), run('CI', 'cancelled', { id: 2, suite: 20 })],
      checkRuns: [job('test', 'success'), job('test', 'cancelled', { id: 2, suite: 20 })],
    },
    'passed 1',
  ],
  [
    'a cancelled run does not hide what an older run failed',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', 'cancelled', { id: 2, suite: 20 })],
      checkRuns: [job('test', 'failure'), job('test', 'cancelled', { id: 2, suite: 20 })],
    },
    'failed CI / test',
  ],
  [
    'a job that failed before its run was cancelled has failed',
    {
      workflowRuns: [run('CI', 'success'), run('CI', 'cancelled', { id: 2, suite: 20 })],
      checkRuns: [job('test', 'success'), job('test', 'failure', { id: 2, suite: 20 })],
    },
    'failed CI / test',
  ],
  [
    'a cancelled job of a push is not replaced by one that the pull request\'s run skipped',
    {
      workflowRuns: [run('CI', 'cancelled'), run('CI', 'success', { id: 2, suite: 20, event: 'pull_request' })],
      checkRuns: [job('test', 'cancelled'), job('test', 'skipped', { id: 2, suite: 20 }), job('title', 'success', { id: 3, suite: 20 })],
    },
    'pending CI / test (cancelled: run it again)',
  ],
  [
    'a run whose jobs are not listed yet replaces no older one',
    { workflowRuns: [run('CI', 'failure'), run('CI', 'success', { id: 2, suite: 20 })], checkRuns: [job('test', 'failure')] },
    'pending CI (GitHub does not list its jobs yet)',
  ],
  [
    'a workflow that could not start is not hidden by a run that skipped everything',
    { workflowRuns: [run('CI', 'startup_failure'), run('CI', 'skipped', { id: 2, suite: 20 })] },
    'failed CI',
  ],
  [
    'a skipped check of another app does not hide its failure',
    { checkRuns: [check('lint', 'failure'), check('lint', 'skipped', { id: 2 })] },
    'failed lint',
  ],
]

test.each(cases)('%s', (_, overrides, expected) => {
  expect(describeEvaluation(evaluateChecks(observed(overrides), NOW))).toBe(expected)
})
