import type { AttemptResult, TaskEvent } from '../model/task-event.ts'
import type { Task, TaskStatus } from '../model/task.ts'
import { describe, expect, test } from 'vitest'
import { MAX_CRASHES, MIN_PAUSE_MS } from '../model/limits.ts'
import { task as taskSchema } from '../model/task.ts'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { transition } from './machine.ts'

const usage = { costUsd: 1, inputTokens: 10, outputTokens: 5 }
const failure = { kind: 'checks' as const, summary: 'lint failed', jobs: [] }
const pull = { number: 7, url: 'https://github.com/octo/hello/pull/7', draft: true }
const published: AttemptResult = { outcome: 'published', head: HEAD, summary: 'Did it.', flags: [], usage }

const EVENTS = {
  'confirm': { kind: 'confirm' },
  'dismiss': { kind: 'dismiss' },
  'cancel': { kind: 'cancel' },
  'retry': { kind: 'retry' },
  'approve': { kind: 'approve-plan' },
  'revise': { kind: 'revise-plan', words: 'Smaller steps.' },
  'answer': { kind: 'answer', answers: [{ question: 'q', text: 'one' }] },
  'message': { kind: 'message', words: 'In Welsh, please.' },
  'started': { kind: 'started', attempt: 1 },
  'planned': { kind: 'ended', attempt: 1, result: { outcome: 'planned', plan: 'Plan.', questions: [], usage } },
  'asked': { kind: 'ended', attempt: 1, result: { outcome: 'planned', plan: 'Plan.', questions: [{ id: 'q', text: 'Which?', options: [] }], usage } },
  'pushed': { kind: 'ended', attempt: 1, result: published },
  'unchanged': { kind: 'ended', attempt: 1, result: { outcome: 'unchanged', summary: 'Nothing to do.', usage } },
  'limited': { kind: 'ended', attempt: 1, result: { outcome: 'limited', until: 100, why: 'limit', usage } },
  'failed': { kind: 'ended', attempt: 1, result: { outcome: 'failed', kind: 'agent', reason: 'It broke.', usage } },
  'crashed': { kind: 'ended', attempt: 1, result: { outcome: 'failed', kind: 'crashed', reason: 'It vanished.', usage } },
  'spent': { kind: 'spent', attempt: 1, usage: { costUsd: 1, inputTokens: 10, outputTokens: 5 } },
  'pull': { kind: 'pull', pull },
  'pending': { kind: 'checks', head: HEAD, verdict: { kind: 'pending', waitingFor: ['test'], isRunning: true } },
  'green': { kind: 'checks', head: HEAD, verdict: { kind: 'passed', checks: 2 } },
  'red': { kind: 'checks', head: HEAD, verdict: { kind: 'failed', failure } },
  'skips-drafts': { kind: 'checks', head: HEAD, verdict: { kind: 'draft', skipped: ['CI / test'] } },
  'mark-ready': { kind: 'mark-ready', expectedHead: HEAD },
  'no-ci': { kind: 'checks', head: HEAD, verdict: { kind: 'none' } },
  'pushed-by-hand': { kind: 'pushed', head: 'b'.repeat(40) },
  'issue': { kind: 'issue', issue: { number: 3, url: 'https://github.com/octo/hello/issues/3' } },
  'approved-on-github': { kind: 'plan-decision', comment: 'comment:1', by: 'ada', decision: { kind: 'approve-plan' } },
  'revised-on-github': { kind: 'plan-decision', comment: 'comment:1', by: 'ada', decision: { kind: 'revise-plan', words: 'Smaller.' } },
  'answered-on-github': { kind: 'plan-decision', comment: 'comment:1', by: 'ada', decision: { kind: 'answer', answers: [{ question: 'q', text: 'one' }] } },
  'cancelled-on-github': { kind: 'plan-decision', comment: 'comment:1', by: 'ada', decision: { kind: 'cancel' } },
  'thumb': { kind: 'plan-decision', comment: null, by: 'ada', decision: { kind: 'approve-plan' } },
  'heard': { kind: 'heard', comments: ['comment:1'] },
  'feedback': { kind: 'feedback', comments: [{ id: 'line:1', text: 'Rename it.' }] },
  'cleaned': { kind: 'cleaned' },
  'merged': { kind: 'merged' },
  'closed': { kind: 'closed' },
  'blocked': { kind: 'blocked', on: 'github', why: 'GitHub does not answer.' },
  'unblocked': { kind: 'unblocked' },
  'resume': { kind: 'resume' },
} as const satisfies Record<string, TaskEvent>
type EventName = keyof typeof EVENTS

test('every kind of event is in the table', () => {
  const missing: Record<Exclude<TaskEvent['kind'], (typeof EVENTS)[EventName]['kind']>, never> = {}
  expect(missing).toEqual({})
})

type Row = Partial<Record<EventName, TaskStatus>>

/** Ends of an attempt that are the same in every phase. */
const ENDS: Row = { limited: 'paused', failed: 'failed' }

/** state × event → the state entered; an event that is not named is refused and changes nothing. */
const NEXT: Record<TaskStatus, Row> = {
  proposed: { confirm: 'queued', dismiss: 'cancelled' },
  queued: {
    ...ENDS,
    spent: 'queued',
    started: 'implementing',
    planned: 'plan_review',
    asked: 'waiting_answer',
    pushed: 'checking',
    unchanged: 'failed',
    crashed: 'implementing',
  },
  planning: {
    ...ENDS,
    spent: 'planning',
    started: 'planning',
    planned: 'plan_review',
    asked: 'waiting_answer',
    pushed: 'checking',
    unchanged: 'failed',
    crashed: 'planning',
  },
  plan_review: {
    'approve': 'implementing',
    'revise': 'planning',
    'approved-on-github': 'implementing',
    'revised-on-github': 'planning',
    'thumb': 'implementing',
  },
  waiting_answer: { 'answer': 'planning', 'answered-on-github': 'planning' },
  implementing: {
    ...ENDS,
    spent: 'implementing',
    started: 'implementing',
    planned: 'plan_review',
    asked: 'waiting_answer',
    pushed: 'checking',
    unchanged: 'failed',
    crashed: 'implementing',
  },
  checking: {
    'pending': 'checking',
    'green': 'in_review',
    'red': 'fixing',
    'no-ci': 'in_review',
    'skips-drafts': 'in_review',
    'mark-ready': 'in_review',
    'pushed-by-hand': 'checking',
  },
  fixing: {
    ...ENDS,
    spent: 'fixing',
    started: 'fixing',
    planned: 'plan_review',
    asked: 'waiting_answer',
    pushed: 'checking',
    unchanged: 'checking',
    crashed: 'fixing',
  },
  in_review: {
    'pending': 'in_review',
    'green': 'in_review',
    'red': 'fixing',
    'no-ci': 'in_review',
    'skips-drafts': 'in_review',
    'feedback': 'addressing_feedback',
    'pushed-by-hand': 'checking',
  },
  addressing_feedback: {
    ...ENDS,
    spent: 'addressing_feedback',
    started: 'addressing_feedback',
    planned: 'plan_review',
    asked: 'waiting_answer',
    pushed: 'checking',
    unchanged: 'checking',
    crashed: 'addressing_feedback',
  },
  paused: { retry: 'queued', resume: 'queued' },
  merged: { cleaned: 'merged' },
  closed: { cleaned: 'closed' },
  cancelled: { cleaned: 'cancelled' },
  failed: { retry: 'queued' },
}

/** The states in which a message begins an attempt at once; in the others it waits. */
const BEGUN_BY_MESSAGE: Partial<Record<TaskStatus, TaskStatus>> = {
  plan_review: 'planning',
  waiting_answer: 'planning',
  checking: 'addressing_feedback',
  in_review: 'addressing_feedback',
}

/** Transitions of every state that is not final. */
function everywhere(status: TaskStatus): Row {
  const always: Row = {
    'cancel': 'cancelled',
    'merged': 'merged',
    'closed': 'closed',
    'blocked': status,
    'unblocked': status,
    'heard': status,
    'cancelled-on-github': 'cancelled',
  }
  // A comment that is too late is recorded and changes nothing else.
  const message: Row = status === 'proposed' ? {} : { message: BEGUN_BY_MESSAGE[status] ?? status }
  const late: Row = { ...message, 'approved-on-github': status, 'revised-on-github': status, 'answered-on-github': status }
  return status === 'proposed' ? { ...always, ...late } : { ...always, ...late, pull: status, issue: status }
}

function next(status: TaskStatus): Row {
  const final = status === 'merged' || status === 'closed' || status === 'cancelled'
  return final ? NEXT[status] : { ...everywhere(status), ...NEXT[status] }
}

function taskIn(status: TaskStatus, rest: Partial<Task> = {}): Task {
  const history = [{ attempt: 1, phase: 'implement' as const, cause: null, startedAt: 1, endedAt: 2, outcome: 'published', summary: null, head: HEAD, usage }]
  return buildTask({ state: STATES[status], pull, history, heads: [HEAD], ...rest })
}

function apply(task: Task, ...events: TaskEvent[]): Task {
  return events.reduce((now, event) => {
    const step = transition(now, event, 200)
    if (!step.ok)
      throw new Error(step.message)
    return step.task
  }, task)
}

describe.each(Object.keys(STATES) as TaskStatus[])('in %s', (status) => {
  test.each(Object.keys(EVENTS) as EventName[])('%s', (event) => {
    const task = taskIn(status)
    const expected = next(status)[event]
    const step = transition(task, EVENTS[event], 200)

    if (expected === undefined) {
      expect(step).toMatchObject({ ok: false, message: expect.stringMatching(/\.$/) })
      return
    }
    expect(step).toMatchObject({ ok: true, task: { state: { status: expected }, revision: 2 } })
    expect(taskSchema.parse(apply(task, EVENTS[event]))).toEqual(apply(task, EVENTS[event]))
  })
})

test('a late report of an old attempt changes nothing', () => {
  expect(transition(taskIn('fixing'), { kind: 'ended', attempt: 9, result: published }, 200)).toMatchObject({ ok: false, kind: 'stale' })
})

test('the cost of a running attempt is stored, and counts when its worker vanishes', () => {
  const spent = (costUsd: number): TaskEvent => ({ kind: 'spent', attempt: 1, usage: { costUsd, inputTokens: 10, outputTokens: 5 } })
  const task = apply(taskIn('implementing'), spent(2), spent(1))
  expect(task.state).toMatchObject({ work: { spent: { costUsd: 2 } } })
  expect(apply(task, EVENTS.crashed)).toMatchObject({ usage: { costUsd: 2 }, state: { work: { attempt: 2 } } })
  expect(apply(task, EVENTS.crashed).state).not.toHaveProperty('work.spent')
})

test('a task is paused for a minimum time even when the limit seems over', () => {
  expect(apply(taskIn('fixing'), EVENTS.limited).state).toMatchObject({ status: 'paused', until: 200 + MIN_PAUSE_MS })
})

test('checks of a commit that is no longer the head change nothing', () => {
  expect(transition(taskIn('checking'), { kind: 'checks', head: 'b'.repeat(40), verdict: { kind: 'passed', checks: 1 } }, 200)).toMatchObject({
    ok: false,
    kind: 'stale',
  })
})

test('a paused task does not resume before its time', () => {
  expect(transition(taskIn('paused'), { kind: 'resume' }, 99)).toMatchObject({ ok: false, kind: 'stale' })
})

test('merging needs a pull request', () => {
  expect(transition(taskIn('failed', { pull: null }), { kind: 'merged' }, 200)).toMatchObject({ ok: false, kind: 'illegal' })
})

test.each(['../../etc', 'a..b', 'x.lock', 'a b', '-b'])('a task does not start from %j, which is no branch', (base) => {
  const refused = { ok: false, kind: 'illegal', message: expect.stringContaining('cannot be a branch in git') }
  expect(transition(taskIn('proposed', { pull: null }), { kind: 'confirm', edits: { base } }, 0)).toEqual(refused)
  expect(transition(taskIn('proposed', { pull: null, base }), { kind: 'confirm' }, 0)).toEqual(refused)
  expect(transition(taskIn('failed', { pull: null }), { kind: 'retry', edits: { base } }, 0)).toEqual(refused)
})

test('the person can correct the repository while confirming, and again after it was not found', () => {
  const confirmed = apply(taskIn('proposed', { pull: null }), { kind: 'confirm', edits: { repository: 'octo/helo', planFirst: true } })
  expect(confirmed).toMatchObject({ repository: 'octo/helo', state: { work: { assignment: { phase: 'plan' } } } })
  const corrected = apply(
    confirmed,
    { kind: 'ended', attempt: confirmed.attempts, result: { outcome: 'failed', kind: 'repository-not-found', reason: 'Not found.', usage } },
    { kind: 'retry', edits: { repository: 'octo/hello' } },
  )
  expect(corrected).toMatchObject({ repository: 'octo/hello', state: { status: 'queued' } })
})

test('once there is a pull request only money and model can be edited', () => {
  const edited = apply(taskIn('failed'), { kind: 'retry', edits: { repository: 'evil/other', budgetUsd: 9 } })
  expect(edited).toMatchObject({ repository: 'octo/hello', budgetUsd: 9 })
})

test('words and answers accumulate as guidance', () => {
  const revised = apply(taskIn('plan_review'), EVENTS.revise, { kind: 'ended', attempt: 2, result: EVENTS.asked.result }, EVENTS.answer)
  expect(revised.guidance).toEqual(['Smaller steps.', 'Which?\none'])
})

test('a task fails after its last fix, and a retry grants five more', () => {
  const spent = apply(taskIn('checking', { fixes: 5 }), EVENTS.red)
  expect(spent.state).toMatchObject({ status: 'failed', kind: 'checks', reason: expect.stringContaining('5 fixes') })
  expect(apply(spent, EVENTS.retry)).toMatchObject({ fixes: 6, fixLimit: 10, state: { status: 'fixing' } })
})

test('fixes are counted, and a fix that changed nothing counts too', () => {
  const first = apply(taskIn('checking'), EVENTS.red)
  expect(first).toMatchObject({ fixes: 1, attempts: 2 })
  const unchanged = apply(first, { kind: 'ended', attempt: 2, result: EVENTS.unchanged.result })
  expect(unchanged).toMatchObject({ state: { status: 'checking', head: HEAD }, flags: ['Fix 1 of 5 changed nothing: lint failed'] })
  expect(apply(unchanged, EVENTS.red)).toMatchObject({ fixes: 2, attempts: 3 })
})

test('a check that passes when run again makes a failed task reviewable', () => {
  const spent = apply(taskIn('checking', { fixes: 5 }), EVENTS.red)
  expect(apply(spent, EVENTS.pending).state.status).toBe('failed')
  expect(apply(spent, EVENTS.green).state).toMatchObject({ status: 'in_review', head: HEAD, ci: 'passed' })
})

test('after a push by hand the checks of its commit count', () => {
  const moved = apply(taskIn('in_review'), EVENTS['pushed-by-hand'])
  expect(moved).toMatchObject({ heads: [HEAD, 'b'.repeat(40)], state: { status: 'checking', head: 'b'.repeat(40) } })
  expect(transition(moved, EVENTS.green, 200)).toMatchObject({ ok: false, kind: 'stale' })
})

test('a comment counts once, whatever its effect', () => {
  const revised = apply(taskIn('plan_review'), EVENTS['revised-on-github'])
  expect(revised).toMatchObject({ heard: ['comment:1'], guidance: ['Smaller.'] })
  expect(transition(revised, EVENTS['revised-on-github'], 200)).toMatchObject({ ok: false, kind: 'stale' })
  const reviewed = apply(taskIn('in_review'), EVENTS.feedback)
  expect(reviewed).toMatchObject({ heard: ['line:1'] })
  expect(transition(apply(reviewed, { kind: 'ended', attempt: 2, result: EVENTS.unchanged.result }, EVENTS.green), EVENTS.feedback, 200)).toMatchObject({
    ok: false,
    kind: 'stale',
  })
})

test('the announcement names the decider on GitHub', () => {
  expect(transition(taskIn('plan_review'), EVENTS.thumb, 200)).toMatchObject({ effects: [{ text: 'The plan was approved. (ada said so on GitHub.)' }] })
})

test('a review with a used-up budget fails the task and keeps its comments', () => {
  const spent = apply(taskIn('in_review', { usage: { ...usage, costUsd: 5 } }), EVENTS.feedback)
  expect(spent.state).toMatchObject({ status: 'failed', kind: 'budget', assignment: { phase: 'feedback', comments: [{ id: 'line:1' }] } })
})

test('no fix begins with a used-up budget, and a retry grants the same amount again', () => {
  const spent = apply(taskIn('checking', { usage: { ...usage, costUsd: 5 } }), EVENTS.red)
  expect(spent.state).toMatchObject({ status: 'failed', kind: 'budget' })
  expect(apply(spent, EVENTS.retry)).toMatchObject({ budgetUsd: 10, state: { status: 'fixing' } })
})

test('a worker that keeps vanishing is restarted a few times, then the task fails', () => {
  let task = taskIn('implementing')
  for (let crash = 0; crash < MAX_CRASHES; crash++)
    task = apply(task, { kind: 'ended', attempt: task.attempts, result: EVENTS.crashed.result })
  expect(task).toMatchObject({ attempts: 1 + MAX_CRASHES, state: { status: 'implementing' } })
  expect(apply(task, { kind: 'ended', attempt: task.attempts, result: EVENTS.crashed.result }).state).toMatchObject({ status: 'failed', kind: 'crashed' })
})

test('`blocked` keeps its beginning until the task is blocked by something else', () => {
  const blocked = apply(taskIn('checking'), EVENTS.blocked)
  const blockedStill = transition(blocked, { ...EVENTS.blocked, why: 'Still nothing.' }, 300)
  expect(blockedStill).toMatchObject({ ok: true, task: { blocked: { since: 200, why: 'Still nothing.' } } })
})

test('usage adds up and history keeps each attempt', () => {
  const task = apply(taskIn('implementing'), EVENTS.pushed)
  expect(task).toMatchObject({ usage, history: [{}, { attempt: 1, outcome: 'published', summary: 'Did it.', head: HEAD }] })
})
