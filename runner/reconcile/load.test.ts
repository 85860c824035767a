import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { STATES } from '#shared/testing/build-task.ts'
import { createLedger } from '../gateway/ledger.ts'
import { reconcile } from './reconcile.ts'
import { createLoadFixture } from './testing/load-fixture.ts'

const SLOTS = 50

/** More would mean that it never ends: a task needs a pass to start and two looks, of which fifty go into a pass. */
const MAX_PASSES = 500

test('a thousand tasks come to their review with fifty workers and few looks a pass, and those that wait for a person hold neither', async () => {
  const load = createLoadFixture(1000, { start: i => i % 10 < 7 ? STATES.queued : i % 10 < 9 ? STATES.paused : STATES.failed })
  const stop = new AbortController()
  const asked: number[] = []
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
        asked.push(load.asked.github)
        time += 10_000
        if (
          asked.length >= MAX_PASSES
          || (load.jobs().length === 0 && !load.statuses().some(([status]) => ['queued', 'implementing', 'checking'].includes(status)))
        ) {
          stop.abort()
        }
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
  // Fifty starts with one question each, and fifty looks with a handful.
  expect(Math.max(...asked.map((total, i) => total - (asked[i - 1] ?? 0)))).toBeLessThanOrEqual(SLOTS + 50 * 6)
})

test('a task that becomes due during a long pass is looked at right after it, not a poll later', async () => {
  const load = createLoadFixture(2, { start: () => STATES.checking })
  const stop = new AbortController()
  const rests: number[] = []
  let time = 1
  await reconcile({
    ...load,
    github: {
      ...load.github,
      verdict: async () => ({ kind: 'pending', waitingFor: ['test'] }),
      // The first pass opens both pull requests; the second looks at the one that something happened to.
      pullState: (...asked) => {
        time += 60_000
        return load.github.pullState(...asked)
      },
    },
    edgeConnection: { ...load.edgeConnection, takePollRequests: () => new Set(rests.length > 0 ? ['t000000000'] : []) },
    ledger: createLedger({ dayBudgetUsd: 1000, now: () => time }),
    composePrompt: () => 'Do it.',
    wake: {
      up: () => undefined,
      wait: async (ms) => {
        rests.push(ms)
        time += 9000
        if (rests.length === 2)
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
  expect(rests).toEqual([10_000, 100])
})
