import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { STATES } from '#shared/testing/build-task.ts'
import { createLedger } from '../gateway/ledger.ts'
import { reconcile } from './reconcile.ts'
import { createLoadFixture } from './testing/load-fixture.ts'

const SLOTS = 50

/** More passes would mean an endless loop: a task needs one pass to start and two polls, and a pass takes fifty. */
const MAX_PASSES = 500

test('a thousand tasks reach review with fifty workers and few polls a pass, while tasks that wait for a person use neither', async () => {
  const load = createLoadFixture(1000, { start: i => i % 10 < 7 ? STATES.queued : i % 10 < 9 ? STATES.paused : STATES.failed })
  const stop = new AbortController()
  /** The total of calls after each pass. */
  const calls: number[] = []
  let time = 0
  await reconcile({
    ...load,
    ledger: createLedger({ dayBudgetUsd: 1000, now: () => time }),
    composePrompt: () => 'Do it.',
    wake: {
      up: () => undefined,
      wait: async () => {
        await setImmediate()
        load.tick()
        calls.push(load.calls.github)
        time += 10_000
        const isIdle = load.jobs().length === 0 && !load.statuses().some(([status]) => ['queued', 'implementing', 'checking'].includes(status))
        if (calls.length >= MAX_PASSES || isIdle)
          stop.abort()
      },
    },
    slots: SLOTS,
    person: null,
    pollMs: 10_000,
    quietMs: 0,
    deadlineSeconds: 60,
    checkoutMb: 100,
    now: () => time,
    newId: () => String(time),
    bug: (error) => {
      throw error
    },
  }, stop.signal)

  expect(Object.fromEntries(load.statuses())).toEqual({ in_review: 700, paused: 200, failed: 100 })
  expect(load.mostWorkers()).toBe(SLOTS)
  // Fifty starts with one call each, and fifty polls with at most six.
  expect(Math.max(...calls.map((total, i) => total - (calls[i - 1] ?? 0)))).toBeLessThanOrEqual(SLOTS + 50 * 6)
})

test('a task that becomes due during a long pass is polled right after it, not a poll interval later', async () => {
  const load = createLoadFixture(2, { start: () => STATES.checking })
  const stop = new AbortController()
  const delays: number[] = []
  let time = 1
  await reconcile({
    ...load,
    github: {
      ...load.github,
      verdict: async () => ({ kind: 'pending', waitingFor: ['test'], isRunning: true }),
      // The first pass opens both pull requests; the second polls the one that the edge requested.
      pullState: (...args) => {
        time += 60_000
        return load.github.pullState(...args)
      },
    },
    edgeConnection: { ...load.edgeConnection, takePollRequests: () => new Set(delays.length > 0 ? ['t000000000'] : []) },
    ledger: createLedger({ dayBudgetUsd: 1000, now: () => time }),
    composePrompt: () => 'Do it.',
    wake: {
      up: () => undefined,
      wait: async (ms) => {
        delays.push(ms)
        time += 9000
        if (delays.length === 2)
          stop.abort()
      },
    },
    slots: 0,
    person: null,
    pollMs: 10_000,
    quietMs: 0,
    deadlineSeconds: 60,
    checkoutMb: 100,
    now: () => time,
    newId: () => String(time),
    bug: (error) => {
      throw error
    },
  }, stop.signal)
  expect(delays).toEqual([10_000, 100])
})
