import type { Task, TaskState, Work } from '#shared/model/task.ts'
import { describe, expect, test } from 'vitest'
import { task } from '../testing/builders.ts'
import { taskGroups } from './task-groups.ts'
import { progressSteps } from './task-progress.ts'
import { taskStatusLine } from './task-status-line.ts'
import { taskLabel, taskTone } from './task-tone.ts'

const MINUTE = 60_000
const head = 'a'.repeat(40)
const implement: Work = { attempt: 1, assignment: { phase: 'implement' }, startedAt: 1 }
const failure = { kind: 'checks' as const, summary: 'unit: 2 tests failed', jobs: [] }
const fix: Work = { attempt: 2, assignment: { phase: 'fix', failure }, startedAt: 1 }

interface Expected { state: TaskState, steps: string, tone: string, label: string, group: string, line: RegExp }

const STATES: Record<string, Expected> = {
  proposed: {
    state: { status: 'proposed', since: 0 },
    steps: 'ahead ahead ahead ahead',
    tone: 'you',
    label: 'Proposal',
    group: 'Waits for you',
    line: /start it/,
  },
  queued: {
    state: { status: 'queued', since: 0, work: { attempt: 1, assignment: { phase: 'plan' }, startedAt: null } },
    steps: 'current ahead ahead ahead',
    tone: 'quiet',
    label: 'Queued',
    group: 'On hold',
    line: /Queued 5 min ago/,
  },
  planning: {
    state: { status: 'planning', since: 0, work: { attempt: 1, assignment: { phase: 'plan' }, startedAt: null } },
    steps: 'current ahead ahead ahead',
    tone: 'busy',
    label: 'Planning',
    group: 'At work',
    line: /worker is starting/,
  },
  planReview: {
    state: { status: 'plan_review', since: 0, plan: 'p' },
    steps: 'current ahead ahead ahead',
    tone: 'you',
    label: 'Plan ready',
    group: 'Waits for you',
    line: /plan waits for you/,
  },
  questions: {
    state: { status: 'waiting_answer', since: 0, plan: null, questions: [{ id: 'q', text: '?', options: [] }] },
    steps: 'current ahead ahead ahead',
    tone: 'you',
    label: 'Question',
    group: 'Waits for you',
    line: /^1 question waits/,
  },
  implementing: {
    state: { status: 'implementing', since: 0, work: implement },
    steps: 'done current ahead ahead',
    tone: 'busy',
    label: 'Building',
    group: 'At work',
    line: /Making the change …/,
  },
  checking: {
    state: { status: 'checking', since: 0, head, pending: ['unit', 'e2e', 'lint'] },
    steps: 'done done current ahead',
    tone: 'busy',
    label: 'In CI',
    group: 'Waiting for CI',
    line: /CI since 5 min: unit and 2 more/,
  },
  fixing: {
    state: { status: 'fixing', since: 0, work: fix },
    steps: 'done done current ahead',
    tone: 'busy',
    label: 'Fix 1 of 5',
    group: 'At work',
    line: /unit: 2 tests failed …/,
  },
  green: {
    state: { status: 'in_review', since: 0, head, ci: 'passed' },
    steps: 'done done done current',
    tone: 'verified',
    label: 'Ready',
    group: 'Waits for you',
    line: /CI is green/,
  },
  unverified: {
    state: { status: 'in_review', since: 0, head, ci: 'none' },
    steps: 'done done done current',
    tone: 'you',
    label: 'Unverified',
    group: 'Waits for you',
    line: /nothing was verified/,
  },
  feedback: {
    state: {
      status: 'addressing_feedback',
      since: 0,
      work: { attempt: 3, assignment: { phase: 'feedback', comments: [] }, startedAt: 1 },
    },
    steps: 'done current ahead ahead',
    tone: 'busy',
    label: 'Revising',
    group: 'At work',
    line: /review …/,
  },
  paused: {
    state: { status: 'paused', since: 0, until: 1, why: 'usage limit', assignment: { phase: 'implement' } },
    steps: 'done stuck ahead ahead',
    tone: 'quiet',
    label: 'Paused',
    group: 'On hold',
    line: /usage limit/,
  },
  merged: {
    state: { status: 'merged', since: 0 },
    steps: 'done done done done',
    tone: 'verified',
    label: 'Merged',
    group: 'Finished',
    line: /Merged 5 min ago/,
  },
  closed: {
    state: { status: 'closed', since: 0 },
    steps: 'done done done stuck',
    tone: 'quiet',
    label: 'Closed',
    group: 'Finished',
    line: /without merging/,
  },
  cancelled: {
    state: { status: 'cancelled', since: 0, by: 'person' },
    steps: 'stuck ahead ahead ahead',
    tone: 'quiet',
    label: 'Cancelled',
    group: 'Finished',
    line: /Cancelled/,
  },
  failed: {
    state: { status: 'failed', since: 0, kind: 'checks', reason: 'CI still fails.', assignment: fix.assignment },
    steps: 'done done stuck ahead',
    tone: 'danger',
    label: 'Failed',
    group: 'Waits for you',
    line: /CI still fails/,
  },
}

describe.each(Object.entries(STATES))('a task that is %s', (_, { state, steps, tone, label, group, line }) => {
  const it = task({ planFirst: true, fixes: 1, state })

  test('shows its progress', () => expect(progressSteps(it).map(step => step.state).join(' ')).toBe(steps))
  test('has its tone and label', () => expect([taskTone(it), taskLabel(it)]).toEqual([tone, label]))
  test('is in its group', () => expect(taskGroups([it]).map(({ name }) => name)).toEqual([group]))
  test('has its status line', () => expect(taskStatusLine(it, null, 5 * MINUTE)).toMatch(line))
})

test('a task without a plan has no plan step', () => {
  expect(progressSteps(task()).map(({ name }) => name)).toEqual(['Build', 'CI', 'Review'])
})

test.each<[string, Partial<Task>, boolean, RegExp]>([
  [
    'a working task waits for an offline runner',
    { state: { status: 'implementing', since: 0, work: implement } },
    false,
    /^Runner offline since .*goes on when it is back/,
  ],
  [
    'a queued task starts when the runner is back',
    { state: { status: 'queued', since: 0, work: { ...implement, startedAt: null } } },
    false,
    /starts when it is back/,
  ],
  ['a finished task does not mention the runner', { state: { status: 'merged', since: 0 } }, false, /^Merged/],
  [
    'a blocked task shows its blocker and the reason',
    {
      state: { status: 'implementing', since: 0, work: implement },
      blocked: { on: 'github', why: 'rate limit', since: 0 },
    },
    true,
    /^Waits for GitHub since \d+:\d\d.*: rate limit/,
  ],
])('%s', (_, about, online, line) => {
  expect(taskStatusLine(task(about), { online, since: 0, executor: 'process', problems: [] }, 5 * MINUTE)).toMatch(line)
})

test('within a group the newest change comes first', () => {
  const [group] = taskGroups([
    task({ id: 'old', state: { status: 'merged', since: 1 } }),
    task({ id: 'new', state: { status: 'closed', since: 2 } }),
  ])
  expect(group?.tasks.map(({ id }) => id)).toEqual(['new', 'old'])
})
