import type { DesiredTask } from '#shared/protocol/runner.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { desired } from '#shared/task/desired.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { createPollState } from './poll-state.ts'

const task = (given: Parameters<typeof buildTask>[0]): DesiredTask => must(desired(buildTask(given)), 'a desired task')
const checking = task({ state: STATES.checking })
const pending = { kind: 'checks' as const, head: HEAD, verdict: { kind: 'pending' as const, waitingFor: ['test'] } }
const failed = { kind: 'checks' as const, head: HEAD, verdict: { kind: 'none' as const } }
const blocked = { kind: 'blocked' as const, on: 'github' as const, why: 'GitHub does not answer.' }

function pollState({ pollMs = 1000 } = {}) {
  const clock = { now: 0 }
  return { clock, pollState: createPollState({ now: () => clock.now, pollMs }) }
}

test('the same is said once, something else again', () => {
  const { pollState: m } = pollState()
  expect([pending, pending, failed, pending].map(event => m.isNew(checking, event))).toEqual([true, false, true, true])
})

test('a blockade that comes, goes and comes back is new each time', () => {
  const { pollState: m } = pollState()
  expect([blocked, blocked, { kind: 'unblocked' as const }, blocked].map(event => m.isNew(checking, event))).toEqual([true, false, true, true])
})

test('the same verdict on the same commit is new when other work was desired in between', () => {
  const { pollState: m } = pollState()
  expect(m.isNew(checking, failed)).toBe(true)
  expect(m.isNew(task({ state: STATES.in_review }), blocked)).toBe(true)
  expect(m.isNew(checking, failed)).toBe(true)
})

test('what fails is tried later and later, up to five minutes', () => {
  const { pollState: m } = pollState()
  const waits = Array.from({ length: 11 }, () => {
    m.failed(checking, null)
    return m.notBefore(checking) / 1000
  })
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
})

test('a rate limit is waited for, and after a success the patience begins anew', () => {
  const { pollState: m } = pollState()
  m.failed(checking, 60_000)
  expect(m.notBefore(checking)).toBe(60_000)
  m.pollAt(checking, 70_000)
  m.failed(checking, null)
  expect(m.notBefore(checking)).toBe(1000)
})

test('tasks that are no longer desired are forgotten', () => {
  const { pollState: m } = pollState()
  m.isNew(checking, failed)
  m.keep([])
  expect(m.isNew(checking, failed)).toBe(true)
})

test('what something happened to is looked at again at once, but for a moment after a look', () => {
  const { clock, pollState: m } = pollState()
  m.pollAt(checking, 10_000)
  clock.now = 5000
  m.pollSoon(checking.id)
  expect(m.notBefore(checking)).toBeLessThanOrEqual(5000)

  m.pollAt(checking, 15_000)
  clock.now = 5200
  m.pollSoon(checking.id)
  expect([m.notBefore(checking), m.nextPollDelay(clock.now)]).toEqual([5500, 300])
})

test.each([
  ['a look each ten seconds', 3_600_000, 600_000 / 10_000],
  ['a look with each poll, and the polls, where those are closer together', 5000, 2 * 600_000 / 5000],
])('a storm costs two polls a second, then %s', (_, pollMs, later) => {
  const { clock, pollState: m } = pollState({ pollMs })
  m.pollAt(checking, pollMs)
  let polls = 0
  for (; clock.now < 600_000; clock.now += 100) {
    m.pollSoon(checking.id)
    if (m.notBefore(checking) <= clock.now) {
      polls += 1
      m.pollAt(checking, clock.now + pollMs)
    }
  }
  expect(polls).toBeGreaterThanOrEqual(30)
  expect(polls).toBeLessThanOrEqual(30 + later)
})

test('the last thing that happens in a storm is seen within ten seconds, not a poll later', () => {
  const { clock, pollState: m } = pollState({ pollMs: 3_600_000 })
  m.pollAt(checking, 3_600_000)
  for (; clock.now < 60_000; clock.now += 100) {
    m.pollSoon(checking.id)
    if (m.notBefore(checking) <= clock.now)
      m.pollAt(checking, clock.now + 3_600_000)
  }
  m.pollSoon(checking.id)
  expect(m.notBefore(checking) - clock.now).toBeGreaterThan(0)
  expect(m.notBefore(checking) - clock.now).toBeLessThanOrEqual(10_000)
})

test('a task that is limited or fails is not polled early', () => {
  const { clock, pollState: m } = pollState()
  m.failed(checking, 60_000)
  m.pollSoon(checking.id)
  expect([m.notBefore(checking), m.nextPollDelay(clock.now)]).toEqual([60_000, 1000])
})

test('a task that is not there is not polled early', () => {
  const { clock, pollState: m } = pollState()
  m.pollSoon('zzzzzzzzzz')
  expect(m.nextPollDelay(clock.now)).toBe(1000)
})

test('the rest ends when a task is due, whatever passes came in between', () => {
  const { clock, pollState: m } = pollState({ pollMs: 10_000 })
  m.pollAt(checking, 10_000)
  clock.now = 9_000
  expect(m.nextPollDelay(clock.now)).toBe(1000)
  clock.now = 9_990
  expect(m.nextPollDelay(clock.now)).toBe(100)
  clock.now = 10_000
  expect(m.nextPollDelay(clock.now)).toBe(10_000)
})

test('what became due while a pass took its time does not wait for a poll', () => {
  const { clock, pollState: m } = pollState({ pollMs: 3_600_000 })
  m.pollAt(checking, 3_600_000)
  clock.now = 200
  const begun = clock.now
  m.pollSoon(checking.id)
  clock.now = 2200
  expect(m.nextPollDelay(begun)).toBe(100)
})
