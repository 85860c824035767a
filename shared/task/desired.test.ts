import type { TaskState } from '../model/task.ts'
import { expect, test } from 'vitest'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { desired } from './desired.ts'

const NOTHING_YET = { plan: null, guidance: [], budgetUsd: 5, published: 0 }

test.each<[TaskState['status'], unknown]>([
  ['proposed', undefined],
  ['queued', { do: 'attempt', attempt: 1, assignment: { phase: 'implement' }, ...NOTHING_YET }],
  ['planning', { do: 'attempt', attempt: 1, assignment: { phase: 'plan' }, ...NOTHING_YET }],
  ['plan_review', { do: 'discuss', attempt: 1, plan: 'First this.', questions: [] }],
  ['waiting_answer', { do: 'discuss', attempt: 1, plan: null, questions: STATES.waiting_answer.questions }],
  ['implementing', { do: 'attempt', attempt: 1, assignment: { phase: 'implement' }, ...NOTHING_YET }],
  ['checking', { do: 'check', head: HEAD }],
  ['fixing', { do: 'attempt', attempt: 1, assignment: STATES.fixing.work.assignment, ...NOTHING_YET }],
  ['in_review', { do: 'review', head: HEAD, ci: 'passed', ready: true }],
  ['addressing_feedback', { do: 'attempt', attempt: 1, assignment: { phase: 'feedback', comments: [{ id: 'line:1', text: 'Rename it.' }] }, ...NOTHING_YET }],
  ['paused', { do: 'wait' }],
  ['merged', { do: 'clean-up', after: 'merged' }],
  ['closed', { do: 'clean-up', after: 'closed' }],
  ['cancelled', { do: 'clean-up', after: 'cancelled' }],
  ['failed', { do: 'wait' }],
])('a task that is %s has its desired work', (status, work) => {
  expect(desired(buildTask({ state: STATES[status] }))?.work).toEqual(work)
})

test('a pull request without a verdict is not marked ready', () => {
  const task = buildTask({ state: { ...STATES.in_review, ci: 'none' } })
  expect(desired(task)?.work).toEqual({ do: 'review', head: HEAD, ci: 'none', ready: false })
})

test('a pull request that the person marked ready is marked ready on GitHub', () => {
  const task = buildTask({ state: { ...STATES.in_review, ci: 'draft', ready: true } })
  expect(desired(task)?.work).toEqual({ do: 'review', head: HEAD, ci: 'draft', ready: true })
})

test('a task that is over and cleaned up is forgotten', () => {
  expect(desired(buildTask({ state: STATES.merged, cleanedUp: true }))?.work).toEqual({ do: 'forget' })
})

test('the checks of a task whose fixes are used up are still read', () => {
  const task = buildTask({ state: { ...STATES.failed, kind: 'checks' }, heads: [HEAD] })
  expect(desired(task)?.work).toEqual({ do: 'review', head: HEAD, ci: 'failed', ready: false })
})

test('the result of the last review is sent for a reply to its comments', () => {
  const review = {
    attempt: 3,
    phase: 'feedback' as const,
    cause: null,
    startedAt: 1,
    endedAt: 2,
    outcome: 'published',
    summary: 'Renamed.',
    head: HEAD,
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    comments: ['line:1'],
  }
  expect(desired(buildTask({ state: STATES.checking, history: [review] }))?.reply).toEqual({
    attempt: 3,
    head: HEAD,
    summary: 'Renamed.',
    comments: ['line:1'],
  })
})

test('an attempt gets the plan, the guidance and the rest of the budget', () => {
  const usage = { costUsd: 3.5, inputTokens: 1, outputTokens: 1 }
  const task = buildTask({ state: STATES.implementing, plan: 'First this.', guidance: ['Not that.'], usage })
  expect(desired(task)?.work).toMatchObject({ plan: 'First this.', guidance: ['Not that.'], budgetUsd: 1.5 })
})

test('the rest of an overdrawn budget is 0', () => {
  const usage = { costUsd: 7, inputTokens: 1, outputTokens: 1 }
  expect(desired(buildTask({ state: STATES.implementing, usage }))?.work).toMatchObject({ budgetUsd: 0 })
})

test('a dismissed proposal is not sent to the runner', () => {
  expect(desired(buildTask({ state: STATES.cancelled, branch: null }))).toBeNull()
})

test('the pull request\'s text is made of the attempts\' summaries', () => {
  const attempt = {
    attempt: 1,
    phase: 'implement' as const,
    cause: null,
    startedAt: 1,
    endedAt: 2,
    outcome: 'published',
    head: HEAD,
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
  }
  const history = [{ ...attempt, summary: 'Added it.' }, { ...attempt, attempt: 2, summary: null }]
  expect(desired(buildTask({ state: STATES.checking, history }))?.summaries).toEqual(['Added it.'])
})

test('a blocked task is marked as blocked', () => {
  const blocked = { on: 'github' as const, why: 'GitHub does not answer.', since: 1 }
  expect(desired(buildTask({ state: STATES.checking, blocked }))?.blocked).toBe(true)
  expect(desired(buildTask({ state: STATES.checking }))?.blocked).toBe(false)
})

test('the runner gets the running attempt\'s cost and the last published attempt', () => {
  const spent = { costUsd: 1, inputTokens: 10, outputTokens: 5 }
  const record = {
    attempt: 4,
    phase: 'implement' as const,
    cause: null,
    startedAt: 1,
    endedAt: 2,
    outcome: 'published',
    summary: null,
    head: HEAD,
    usage: spent,
  }
  const task = buildTask({
    state: { ...STATES.fixing, work: { ...STATES.fixing.work, attempt: 6, spent } },
    history: [record, { ...record, attempt: 5, outcome: 'unchanged', head: null }],
  })
  expect(desired(task)).toMatchObject({ spent, work: { published: 4 } })
})
