import type { ChecksEvaluation } from './evaluate-checks.ts'
import type { Observed } from './observed.ts'
import { expect, test } from 'vitest'
import { evaluateChecks } from './evaluate-checks.ts'
import { check, job, NOW, observed, run, status } from './testing/builders.ts'

const seconds = (n: number) => n * 1000
const pushed = (ago: number) => ({ committedAt: NOW - seconds(ago), openedAt: NOW - seconds(3600) })

const draftGuards = new Map([['.github/workflows/ci.yml', [(name: string) => name === 'test']]])

const cases: [title: string, overrides: Partial<Observed>, verdict: string][] = [
  // One check
  ['a check that succeeded is green', { checkRuns: [check('lint', 'success')] }, 'passed 1'],
  ['a neutral check is green', { checkRuns: [check('lint', 'neutral')] }, 'passed 1'],
  ['a failed check fails', { checkRuns: [check('lint', 'failure')] }, 'failed lint'],
  ['a cancelled check waits for a person', { checkRuns: [check('lint', 'cancelled')] }, 'pending lint (cancelled: run it again)'],
  ['a check that timed out fails', { checkRuns: [check('lint', 'timed_out')] }, 'failed lint'],
  ['a check that asks for an action waits for it', { checkRuns: [check('cla', 'action_required')] }, 'pending cla (waits for an approval on GitHub)'],
  [
    'a check that asks for an action keeps the commit from being green',
    { checkRuns: [check('cla', 'action_required'), check('lint', 'success')] },
    'pending cla (waits for an approval on GitHub)',
  ],
  [
    'a failure does not wait for a check that asks for an action',
    { checkRuns: [check('cla', 'action_required'), check('lint', 'failure')] },
    'failed lint',
  ],
  ['a stale check waits for a person', { checkRuns: [check('lint', 'stale')] }, 'pending lint (stale: run it again)'],
  ['an unknown conclusion fails', { checkRuns: [check('lint', 'exploded')] }, 'failed lint'],
  ['a check that completed without a conclusion fails', { checkRuns: [check('lint', null, { status: 'completed' })] }, 'failed lint'],
  ['a queued check is waited for', { checkRuns: [check('lint', null, { status: 'queued' })] }, 'pending lint (queued: no runner has taken it yet)'],
  ['a running check is waited for', { checkRuns: [check('lint', null)] }, 'pending lint'],
  [
    'a check that waits for an approval is waited for',
    { checkRuns: [check('deploy', null, { status: 'waiting' })] },
    'pending deploy (waits for an approval on GitHub)',
  ],

  // Commit statuses
  ['a successful status is green', { statuses: [status('ci/x', 'success')] }, 'passed 1'],
  ['a failed status fails', { statuses: [status('ci/x', 'failure')] }, 'failed ci/x'],
  ['a status in error fails', { statuses: [status('ci/x', 'error')] }, 'failed ci/x'],
  ['a pending status is waited for', { statuses: [status('ci/x', 'pending')] }, 'pending ci/x'],
  ['the newest status of a context counts', { statuses: [status('ci/x', 'success', { id: 2 }), status('ci/x', 'pending')] }, 'passed 1'],
  ['the newest status of a context counts, in whatever order', { statuses: [status('ci/x', 'success'), status('ci/x', 'failure', { id: 2 })] }, 'failed ci/x'],
  ['statuses of two contexts both count', { statuses: [status('ci/x', 'success'), status('ci/y', 'success')] }, 'passed 2'],

  // Newest check per name and app
  ['a check that passed when it ran again is green', { checkRuns: [check('lint', 'failure'), check('lint', 'success', { id: 2 })] }, 'passed 1'],
  ['a check that failed when it ran again fails', { checkRuns: [check('lint', 'failure', { id: 2 }), check('lint', 'success')] }, 'failed lint'],
  ['a check that runs again is waited for', { checkRuns: [check('lint', 'failure'), check('lint', null, { id: 2 })] }, 'pending lint'],
  ['two apps may have a check of one name', { checkRuns: [check('lint', 'failure'), check('lint', 'success', { id: 2, app: 'other' })] }, 'failed lint'],

  // Checks and statuses
  ['a failed status is not hidden by a green check', { checkRuns: [check('lint', 'success')], statuses: [status('ci/x', 'failure')] }, 'failed ci/x'],
  ['a failed check is not hidden by a green status', { checkRuns: [check('lint', 'failure')], statuses: [status('ci/x', 'success')] }, 'failed lint'],
  [
    'a failure is pending while another check runs, so that one fix sees all',
    { checkRuns: [check('lint', 'failure'), check('test', null)], statuses: [status('ci/x', 'pending')] },
    'pending test, ci/x',
  ],
  [
    'a failure does not wait for a status that may stay pending for ever',
    { checkRuns: [check('lint', 'failure')], statuses: [status('tide', 'pending'), status('license/cla', 'pending')] },
    'failed lint',
  ],
  [
    'a failure does not wait for a check that nobody has taken',
    { workflowRuns: [run('CI', 'failure')], checkRuns: [job('test', 'failure'), check('tide', null, { status: 'queued' })] },
    'failed CI / test',
  ],
  [
    'a failure does not wait for a deployment that somebody must approve',
    {
      workflowRuns: [run('CI', null, { status: 'waiting' })],
      checkRuns: [job('test', 'failure'), job('deploy', null, { status: 'waiting' })],
    },
    'failed CI / test',
  ],
  [
    'a failure in another workflow does not wait for one that is queued',
    {
      workflowRuns: [run('CI', 'failure'), run('Docs', null, { id: 2, workflow: 2, suite: 20, status: 'queued' })],
      checkRuns: [job('test', 'failure')],
    },
    'failed CI / test',
  ],
  [
    'a failure waits for the newer run of its workflow that is about to begin',
    {
      workflowRuns: [run('CI', 'failure'), run('CI', null, { id: 2, suite: 20, status: 'queued' })],
      checkRuns: [job('test', 'failure')],
    },
    'pending CI (queued: no runner has taken it yet)',
  ],
  [
    'everything that runs is named once',
    { checkRuns: [check('a', null), check('a', null, { id: 2, app: 'other' })], statuses: [status('b', 'pending')] },
    'pending a, b',
  ],
  ['every failure is named', { checkRuns: [check('a', 'failure'), check('b', 'failure'), check('c', 'success')] }, 'failed a, b'],
  ['a skipped check does not count', { checkRuns: [check('a', 'success'), check('b', 'skipped')] }, 'passed 1'],

  // No checks
  ['a commit without checks is not green', {}, 'none'],
  ['a commit with only skipped checks is not green', { checkRuns: [check('a', 'skipped'), check('b', 'skipped')] }, 'none'],
  ['a workflow whose jobs were all skipped is not green', { workflowRuns: [run('CI', 'skipped')], checkRuns: [job('test', 'skipped')] }, 'none'],
  ['a workflow that was skipped before it had jobs is not green', { workflowRuns: [run('CI', 'skipped')] }, 'none'],

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

  // Drafts
  [
    'jobs that skip drafts are not green because a tiny one passed',
    { workflowRuns: [run('CI', 'success', { event: 'pull_request' })], checkRuns: [job('test', 'skipped'), job('title', 'success')], draftGuards },
    'draft CI / test',
  ],
  [
    'jobs that skip drafts are named although nothing else ran',
    { workflowRuns: [run('CI', 'skipped', { event: 'pull_request' })], checkRuns: [job('test', 'skipped')], draftGuards },
    'draft CI / test',
  ],
  [
    'a failure matters more than jobs that skip drafts',
    { workflowRuns: [run('CI', 'failure', { event: 'pull_request' })], checkRuns: [job('test', 'skipped'), job('title', 'failure')], draftGuards },
    'failed CI / title',
  ],
  [
    'a job that ran once the pull request was ready counts',
    {
      workflowRuns: [run('CI', 'success', { event: 'pull_request' }), run('CI', 'success', { id: 2, suite: 20, event: 'pull_request' })],
      checkRuns: [job('test', 'skipped'), job('test', 'success', { id: 2, suite: 20 })],
      draftGuards,
    },
    'passed 1',
  ],
  [
    'a job that skipped the draft, and was cancelled once the pull request was ready, is not green',
    {
      workflowRuns: [
        run('CI', 'success', { event: 'pull_request' }),
        run('CI', 'cancelled', { id: 2, suite: 20, event: 'pull_request' }),
      ],
      checkRuns: [job('test', 'skipped'), job('title', 'success'), job('test', 'cancelled', { id: 2, suite: 20 })],
      draftGuards,
    },
    'draft CI / test',
  ],
  [
    'a job that is skipped for another reason does not count',
    { workflowRuns: [run('CI', 'success', { event: 'pull_request' })], checkRuns: [job('deploy', 'skipped'), job('title', 'success')], draftGuards },
    'passed 1',
  ],

  // Time
  ['no check right after the push means that CI has not begun', pushed(59), 'pending CI to begin'],
  ['no check a minute after the push means that there is no CI', pushed(60), 'none'],
  ['only skipped checks right after the push mean that CI has not begun', { ...pushed(5), checkRuns: [check('a', 'skipped')] }, 'pending CI to begin'],
  ['a green check right after the push may not be the last', { ...pushed(9), checkRuns: [check('fast', 'success')] }, 'pending more checks to begin'],
  ['a failed check right after the push may not be the last', { ...pushed(9), checkRuns: [check('fast', 'failure')] }, 'pending more checks to begin'],
  ['a green check some seconds after the push passes', { ...pushed(10), checkRuns: [check('fast', 'success')] }, 'passed 1'],
  ['a pull request that was opened just now counts like a push', { committedAt: NOW - seconds(3600), openedAt: NOW - seconds(5) }, 'pending CI to begin'],
  ['a commit from a clock that is a little ahead was made now', { committedAt: NOW + seconds(30) }, 'pending CI to begin'],
  ['a commit from the far future does not keep the task waiting', { committedAt: NOW + seconds(86_400) }, 'none'],

  // Required checks
  [
    'a required check without a report is waited for, however long',
    { required: ['build'], checkRuns: [check('lint', 'success')] },
    'pending build (required, not reported yet)',
  ],
  ['a required check is waited for although nothing else ran', { required: ['build'] }, 'pending build (required, not reported yet)'],
  ['a required check that passed is green', { required: ['lint'], checkRuns: [check('lint', 'success')] }, 'passed 1'],
  ['a required job goes by its own name', { required: ['test'], workflowRuns: [run('CI', 'success')], checkRuns: [job('test', 'success')] }, 'passed 1'],
  ['a required status goes by its context', { required: ['ci/x'], statuses: [status('ci/x', 'success')] }, 'passed 1'],
  ['a required check that failed fails', { required: ['lint'], checkRuns: [check('lint', 'failure')] }, 'failed lint'],
  ['a required check that was skipped counts as reported', { required: ['docs'], checkRuns: [check('docs', 'skipped'), check('lint', 'success')] }, 'passed 1'],
  [
    'a failed check is fixed before a silent required one is waited for',
    { required: ['build'], checkRuns: [check('lint', 'failure')] },
    'failed lint',
  ],
  [
    'a running check and a silent required one are both named',
    { required: ['build'], checkRuns: [check('lint', null)] },
    'pending lint, build (required, not reported yet)',
  ],

  ['a required check that was skipped does not pass alone', { required: ['docs'], checkRuns: [check('docs', 'skipped')] }, 'none'],
  [
    'a silent required status is waited for although a check run of another name is green',
    { required: ['ci/x'], checkRuns: [check('ci', 'success')] },
    'pending ci/x (required, not reported yet)',
  ],

  // Conflicts
  ['a conflict is a failure', { mergeable: false }, 'conflict'],
  ['a conflict does not wait for checks', { mergeable: false, checkRuns: [check('lint', null)] }, 'conflict'],
  ['a conflict matters more than green checks', { mergeable: false, checkRuns: [check('lint', 'success')] }, 'conflict'],
  ['the checks decide while GitHub does not know about conflicts', { mergeable: null, checkRuns: [check('lint', 'success')] }, 'passed 1'],
]

test.each(cases)('%s', (_, overrides, expected) => {
  expect(describeEvaluation(evaluateChecks(observed(overrides), NOW))).toBe(expected)
})

test.each<[string, Partial<Observed>, boolean]>([
  ['a job that runs', { checkRuns: [check('lint', null)] }, true],
  ['CI that may still begin', pushed(1), true],
  ['a queued check', { checkRuns: [check('tide', null, { status: 'queued' })] }, false],
  ['a pending status', { statuses: [status('license/cla', 'pending')] }, false],
  ['a required check that nobody reported', { required: ['build'] }, false],
  ['the approval of a first-time contributor', { workflowRuns: [run('CI', 'action_required')] }, false],
  ['an approval', { checkRuns: [check('deploy', null, { status: 'waiting' })] }, false],
  ['a queued check beside one that runs', { checkRuns: [check('tide', null, { status: 'queued' }), check('lint', null)] }, true],
])('a commit that waits for %s says whether that goes on by itself', (_, overrides, isRunning) => {
  expect(evaluateChecks(observed(overrides), NOW)).toMatchObject({ kind: 'pending', isRunning })
})

test('the timeouts are configurable', () => {
  const now = observed({ committedAt: NOW, checkRuns: [check('fast', 'success')] })
  expect(describeEvaluation(evaluateChecks(now, NOW, { quietMs: 0, beginMs: 0 }))).toBe('passed 1')
  expect(describeEvaluation(evaluateChecks(observed({ committedAt: NOW }), NOW, { quietMs: 0, beginMs: 0 }))).toBe('none')
})

test('a failure counts the checks that ran', () => {
  const some = observed({ checkRuns: [check('a', 'failure'), check('b', 'success'), check('c', 'skipped')] })
  expect(evaluateChecks(some, NOW)).toMatchObject({ kind: 'failed', checks: 2 })
})

function describeEvaluation(evaluation: ChecksEvaluation): string {
  switch (evaluation.kind) {
    case 'pending': return `pending ${evaluation.waitingFor.join(', ')}`
    case 'passed': return `passed ${evaluation.checks}`
    case 'failed': return `failed ${evaluation.failing.map(({ name }) => name).join(', ')}`
    case 'draft': return `draft ${evaluation.skipped.join(', ')}`
    case 'none':
    case 'conflict': return evaluation.kind
  }
}
