import type { TaskState } from '../model/task.ts'
import { expect, test } from 'vitest'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { inbox, nextInboxChange } from './inbox.ts'
import { STALL_LIMITS_MS } from './wait.ts'

const { pending, running, start, blocked } = STALL_LIMITS_MS

function checking(names: string[], fields: Partial<Extract<TaskState, { status: 'checking' }>> = {}): TaskState {
  return { status: 'checking', since: 0, head: HEAD, pending: names, pendingSince: 100, isRunning: false, ...fields }
}

function itemsAt(state: TaskState, now: number, seen = 0) {
  return inbox([buildTask({ state, seen })], [], now)
}

test.each([
  ['tide', 'See on GitHub what its app waits for.'],
  ['license/cla', 'See on GitHub what its app waits for.'],
  ['build (required, not reported yet)', 'No app reports a required check'],
  ['CI (waits for an approval on GitHub)', 'Approve it on GitHub.'],
  ['CI / test (cancelled: run it again)', 'Run it again on GitHub.'],
  ['CI (stale: run it again)', 'Run it again on GitHub.'],
  ['gpu (queued: no runner has taken it yet)', 'See whether a runner for its labels is online.'],
])('%s is in the inbox after 15 minutes, since when it waits and with what the person can do', (name, advice) => {
  expect(itemsAt(checking([name]), 100 + pending - 1)).toEqual([])
  expect(itemsAt(checking([name]), 100 + pending)).toMatchObject([{
    kind: 'stalled',
    since: 100,
    unseen: true,
    why: expect.stringContaining(`Still pending: ${name}. ${advice}`),
  }])
})

test('checks that run may take hours, and not for ever', () => {
  const state = checking(['CI / test', 'tide'], { isRunning: true })
  expect(itemsAt(state, 100 + running - 1)).toEqual([])
  expect(itemsAt(state, 100 + running)).toMatchObject([{ kind: 'stalled' }])
})

test('a row of an earlier version waits since its state was entered', () => {
  expect(itemsAt({ status: 'checking', since: 5, head: HEAD, pending: ['tide'] }, 5 + pending)).toMatchObject([{ since: 5 }])
})

test('a stalled check was seen only when the item was, not the state before it', () => {
  expect(itemsAt(checking(['tide']), 100 + pending, 100)).toMatchObject([{ unseen: true, at: 100 + pending }])
  expect(itemsAt(checking(['tide']), 100 + pending, 100 + pending)).toMatchObject([{ unseen: false }])
})

test('an attempt that nobody starts is in the inbox', () => {
  expect(itemsAt(STATES.queued, start)).toEqual([])
  expect(itemsAt(STATES.queued, 1 + start)).toMatchObject([{ kind: 'stalled', why: expect.stringContaining('No worker has begun.') }])
  expect(itemsAt(STATES.implementing, 1 + start)).toEqual([])
})

test('a task that stays blocked is in the inbox with the reason, whatever it does', () => {
  const task = buildTask({ state: STATES.fixing, blocked: { on: 'github', why: 'GitHub does not answer.', since: 50 } })
  expect(inbox([task], [], 50 + blocked - 1)).toEqual([])
  expect(inbox([task], [], 50 + blocked)).toMatchObject([{ kind: 'blocked', since: 50, why: 'GitHub does not answer.' }])
})

test('a finished task waits for nothing', () => {
  expect(inbox([buildTask({ state: STATES.merged, blocked: { on: 'github', why: 'It is down.', since: 0 } })], [], 1e12)).toEqual([])
})

test('the time of the next item is known before it comes', () => {
  const tasks = [buildTask({ state: checking(['tide']) }), buildTask({ state: STATES.queued }), buildTask({ state: STATES.in_review })]
  expect(nextInboxChange(tasks, 0)).toBe(1 + start)
  expect(nextInboxChange(tasks, 1 + start)).toBe(100 + pending)
  expect(nextInboxChange(tasks, 100 + pending)).toBeNull()
})
