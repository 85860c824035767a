import type { DesiredTask } from '#shared/protocol/runner.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { desired } from '#shared/task/desired.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { createPollState } from './poll-state.ts'

const task = (fields: Parameters<typeof buildTask>[0]): DesiredTask => must(desired(buildTask(fields)), 'a desired task')
const checking = task({ state: STATES.checking })
const pending = { kind: 'checks' as const, head: HEAD, verdict: { kind: 'pending' as const, waitingFor: ['test'], isRunning: true } }
const failed = { kind: 'checks' as const, head: HEAD, verdict: { kind: 'none' as const } }
const blocked = { kind: 'blocked' as const, on: 'github' as const, why: 'GitHub does not answer.' }

function setUp({ pollMs = 1000 } = {}) {
  const clock = { now: 0 }
  return { clock, pollState: createPollState({ now: () => clock.now, pollMs }) }
}

test('an event that repeats the last one of its kind is not new', () => {
  const { pollState } = setUp()
  expect([pending, pending, failed, pending].map(event => pollState.isNew(checking, event))).toEqual([true, false, true, true])
})

test('a block that comes, goes and comes back is new each time', () => {
  const { pollState } = setUp()
  expect([blocked, blocked, { kind: 'unblocked' as const }, blocked].map(event => pollState.isNew(checking, event))).toEqual([true, false, true, true])
})

test('the same verdict on the same commit is new when other work was desired in between', () => {
  const { pollState } = setUp()
  expect(pollState.isNew(checking, failed)).toBe(true)
  expect(pollState.isNew(task({ state: STATES.in_review }), blocked)).toBe(true)
  expect(pollState.isNew(checking, failed)).toBe(true)
})

test('a failing poll is retried after a growing delay, up to five minutes', () => {
  const { pollState } = setUp()
  const waits = Array.from({ length: 11 }, () => {
    pollState.failed(checking, null)
    return pollState.notBefore(checking) / 1000
  })
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
})

test('a rate limit delays the next poll, and a success resets the backoff', () => {
  const { pollState } = setUp()
  pollState.failed(checking, 60_000)
  expect(pollState.notBefore(checking)).toBe(60_000)
  pollState.pollAt(checking, 70_000)
  pollState.failed(checking, null)
  expect(pollState.notBefore(checking)).toBe(1000)
})

test('tasks that are no longer desired are forgotten', () => {
  const { pollState } = setUp()
  pollState.isNew(checking, failed)
  pollState.keep([])
  expect(pollState.isNew(checking, failed)).toBe(true)
})

test('an early poll is due at once, or half a second after the last poll', () => {
  const { clock, pollState } = setUp()
  pollState.pollAt(checking, 10_000)
  clock.now = 5000
  pollState.pollSoon(checking.id)
  expect(pollState.notBefore(checking)).toBeLessThanOrEqual(5000)

  pollState.pollAt(checking, 15_000)
  clock.now = 5200
  pollState.pollSoon(checking.id)
  expect([pollState.notBefore(checking), pollState.nextPollDelay(clock.now)]).toEqual([5500, 300])
})

test.each([
  ['one each ten seconds', 3_600_000, 600_000 / 10_000],
  ['one per poll interval beside the regular one, if the interval is shorter', 5000, 2 * 600_000 / 5000],
])('a storm costs two polls a second, then %s', (_, pollMs, later) => {
  const { clock, pollState } = setUp({ pollMs })
  pollState.pollAt(checking, pollMs)
  let polls = 0
  for (; clock.now < 600_000; clock.now += 100) {
    pollState.pollSoon(checking.id)
    if (pollState.notBefore(checking) <= clock.now) {
      polls += 1
      pollState.pollAt(checking, clock.now + pollMs)
    }
  }
  expect(polls).toBeGreaterThanOrEqual(30)
  expect(polls).toBeLessThanOrEqual(30 + later)
})

test('the last event of a storm is polled within ten seconds, not a poll interval later', () => {
  const { clock, pollState } = setUp({ pollMs: 3_600_000 })
  pollState.pollAt(checking, 3_600_000)
  for (; clock.now < 60_000; clock.now += 100) {
    pollState.pollSoon(checking.id)
    if (pollState.notBefore(checking) <= clock.now)
      pollState.pollAt(checking, clock.now + 3_600_000)
  }
  pollState.pollSoon(checking.id)
  expect(pollState.notBefore(checking) - clock.now).toBeGreaterThan(0)
  expect(pollState.notBefore(checking) - clock.now).toBeLessThanOrEqual(10_000)
})

test('a task whose polls fail or are limited is not polled early', () => {
  const { clock, pollState } = setUp()
  pollState.failed(checking, 60_000)
  pollState.pollSoon(checking.id)
  expect([pollState.notBefore(checking), pollState.nextPollDelay(clock.now)]).toEqual([60_000, 1000])
})

test('an unknown task is not polled early', () => {
  const { clock, pollState } = setUp()
  pollState.pollSoon('zzzzzzzzzz')
  expect(pollState.nextPollDelay(clock.now)).toBe(1000)
})

test('the delay ends when a task is due, even after other passes', () => {
  const { clock, pollState } = setUp({ pollMs: 10_000 })
  pollState.pollAt(checking, 10_000)
  clock.now = 9_000
  expect(pollState.nextPollDelay(clock.now)).toBe(1000)
  clock.now = 9_990
  expect(pollState.nextPollDelay(clock.now)).toBe(100)
  clock.now = 10_000
  expect(pollState.nextPollDelay(clock.now)).toBe(10_000)
})

test('a task that became due during a long pass does not wait for a poll interval', () => {
  const { clock, pollState } = setUp({ pollMs: 3_600_000 })
  pollState.pollAt(checking, 3_600_000)
  clock.now = 200
  const begun = clock.now
  pollState.pollSoon(checking.id)
  clock.now = 2200
  expect(pollState.nextPollDelay(begun)).toBe(100)
})
