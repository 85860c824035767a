import type { Observed } from './observed.ts'
import { expect, test } from 'vitest'
import { evaluateChecks } from './evaluate-checks.ts'
import { check, describeEvaluation, job, NOW, observed, run, status } from './testing/builders.ts'

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
