import type { TaskEvent, Verdict } from '../model/task-event.ts'
import type { Task } from '../model/task.ts'
import { expect, test } from 'vitest'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { transition } from './machine.ts'

const GREEN: Verdict = { kind: 'passed', checks: 2 }
const RED: Verdict = { kind: 'failed', failure: { kind: 'checks', summary: 'test failed', jobs: [] } }
const NONE: Verdict = { kind: 'none' }
const DRAFT: Verdict = { kind: 'draft', skipped: ['CI / test'] }
const READY: TaskEvent = { kind: 'mark-ready', expectedHead: HEAD }

function pending(...waitingFor: string[]): Verdict {
  return { kind: 'pending', waitingFor, isRunning: false }
}

/** Events of one task, each a minute after the one before. */
function after(...events: (Verdict | TaskEvent)[]): Task {
  return play(events).task
}

function announcements(...events: (Verdict | TaskEvent)[]): number {
  return play(events).announced
}

function play(events: readonly (Verdict | TaskEvent)[]): { task: Task, announced: number } {
  return events.reduce(({ task, announced }, event, index) => {
    const isVerdict = !['mark-ready', 'pushed'].includes(event.kind)
    const step = transition(task, isVerdict ? { kind: 'checks', head: HEAD, verdict: event as Verdict } : event as TaskEvent, (index + 1) * 60)
    if (!step.ok)
      throw new Error(step.message)
    return { task: step.task, announced: announced + step.effects.length }
  }, { task: buildTask({ state: STATES.checking, heads: [HEAD] }), announced: 0 })
}

test.each([
  ['pending runs, which mainloop\'s own writes may have started', pending('CI')],
  ['runs that were all skipped', NONE],
  ['jobs that skip drafts', DRAFT],
])('a green commit stays green: %s', (_, verdict) => {
  expect(after(GREEN, verdict).state).toEqual({ status: 'in_review', since: 60, head: HEAD, ci: 'passed' })
})

test('a green commit whose job fails in such a run is fixed', () => {
  expect(after(GREEN, pending('CI'), RED).state.status).toBe('fixing')
})

test.each<[string, Verdict, string, string[]]>([
  ['without CI', NONE, 'none', ['CI']],
  ['whose jobs skip drafts', DRAFT, 'draft', ['CI / test']],
])('a commit %s stays in review while CI runs after all, and names what it waits for', (_, verdict, ci, waiting) => {
  expect(after(verdict, pending('CI')).state).toEqual({ ...after(verdict).state, ci, waiting })
  expect(after(verdict, pending('CI'), GREEN).state).toMatchObject({ status: 'in_review', ci: 'passed' })
  expect(after(verdict, pending('CI'), RED).state.status).toBe('fixing')
})

test.each([['no CI', NONE], ['jobs that skip drafts', DRAFT]])('%s: runs that labels start are announced once', (_, verdict) => {
  expect(announcements(verdict, pending('CI'), verdict, pending('CI', 'title'), verdict)).toBe(1)
  expect(after(verdict, pending('CI'), verdict).state).toEqual(after(verdict).state)
})

test('jobs that skip drafts wait for the person, by name', () => {
  expect(after(DRAFT).state).toEqual({ status: 'in_review', since: 60, head: HEAD, ci: 'draft', waiting: ['CI / test'] })
})

test.each<[string, (Verdict | TaskEvent)[], string]>([
  ['their jobs begin', [DRAFT, READY, pending('CI / test')], 'in_review pending ready'],
  ['their jobs have not begun yet', [DRAFT, READY, DRAFT], 'in_review draft ready'],
  ['their jobs pass', [DRAFT, READY, DRAFT, pending('CI / test'), GREEN], 'in_review passed'],
  ['their jobs fail', [DRAFT, READY, pending('CI / test'), RED], 'fixing'],
  ['there is no CI', [NONE, READY, NONE], 'in_review none ready'],
  ['a check that a label began is pending', [DRAFT, pending('title'), READY, pending('title')], 'in_review pending ready'],
  ['a check stays pending for ever', [pending('tide'), READY, pending('tide')], 'in_review pending ready'],
])('after the person marked it ready, and %s', (_, events, expected) => {
  const { state } = after(...events)
  expect(state.status === 'in_review' ? `in_review ${state.ci}${state.ready ? ' ready' : ''}` : state.status).toBe(expected)
})

test('what the person decided is seen, and the next verdict is not', () => {
  const decided = after(DRAFT, READY, pending('CI / test'))
  expect(decided.seen).toBe(decided.state.since)
  expect(after(DRAFT, READY, GREEN).state.since).toBeGreaterThan(after(DRAFT, READY, GREEN).seen)
})

test('a decision about another commit changes nothing', () => {
  const step = transition(after(DRAFT), { kind: 'mark-ready', expectedHead: 'b'.repeat(40) }, 200)
  expect(step).toMatchObject({ ok: false, kind: 'stale', message: expect.stringMatching(/^aaaaaaa was pushed after bbbbbbb/) })
})

test('the time of a wait is that of exactly these checks, so progress begins it anew', () => {
  expect(after(pending('CI', 'tide'), pending('tide'), pending('tide')).state).toMatchObject({ since: 1, pendingSince: 120 })
})

test('the order in which GitHub lists the checks is no progress', () => {
  expect(after(pending('CI', 'tide'), pending('tide', 'CI')).state).toMatchObject({ pending: ['CI', 'tide'], pendingSince: 60 })
})
