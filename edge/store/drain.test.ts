import type { Effect } from '#shared/mutators/tx.ts'
import type { DrainDeps } from './drain.ts'
import type { OutboxEntry } from './outbox.ts'
import { describe, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { createDrain, MAX_TRIES } from './drain.ts'
import { LEASE_MS } from './outbox.ts'

const ANSWER: Effect = { kind: 'answer' }

describe('drain', () => {
  test('performs an enqueued effect and removes its entry', async () => {
    const { drain, calls, idle } = harness({ perform: [async () => {}] })
    drain.enqueue([ANSWER])
    await idle()
    expect(calls).toEqual(['perform', 'remove'])
  })

  test('performs an effect once more when it was enqueued meanwhile', async () => {
    const { drain, calls, idle } = harness({
      perform: [
        async () => drain.enqueue([ANSWER, ANSWER]),
        async () => {},
      ],
    })
    drain.enqueue([ANSWER])
    await idle()
    expect(calls).toEqual(['perform', 'perform', 'remove'])
  })

  test('defers an effect to the time it returned', async () => {
    const { drain, calls, idle } = harness({ perform: [async () => ({ retryAt: 5000 })] })
    drain.enqueue([ANSWER])
    await idle()
    expect(calls).toEqual(['perform', 'defer to 5000 as 0', 'rescheduled'])
  })

  test('waits longer after each failure, up to a limit, and then gives up', async () => {
    const { drain, calls, clock, entry, idle } = harness({ perform: Array.from<DrainDeps['perform']>({ length: MAX_TRIES }).fill(failing), random: () => 1 })
    drain.enqueue([ANSWER])
    await idle()
    const waits: number[] = []
    while (entry()) {
      const { due } = must(entry(), 'an entry')
      waits.push(due - clock.now)
      clock.now = due
      drain.fire()
      await idle()
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000])
    expect(calls.slice(-3)).toEqual(['failed: no', 'remove', 'gave up'])
  })

  test('shortens a backoff at random by half at most', async () => {
    const { drain, clock, entry, idle } = harness({ perform: [failing], random: () => 0 })
    drain.enqueue([ANSWER])
    await idle()
    expect(entry()?.due).toBe(clock.now + 500)
  })

  test('leaves an entry alone that is not due', () => {
    const { drain, calls } = harness({ perform: [], entry: { due: 1001 } })
    drain.fire()
    expect(calls).toEqual([])
  })

  test('performs an effect again that an earlier object had begun', async () => {
    const { drain, calls, idle } = harness({ perform: [async () => {}], entry: { due: 1000, tries: 1 } })
    drain.fire()
    await idle()
    expect(calls).toEqual([`defer to ${1000 + LEASE_MS} as 2`, 'perform', 'remove'])
  })

  test('renews the lease of a running effect and does not start it twice', async () => {
    const end = Promise.withResolvers<void>()
    const { drain, calls, clock, idle } = harness({ perform: [() => end.promise] })
    drain.enqueue([ANSWER])
    clock.now += LEASE_MS
    drain.fire()
    expect(calls).toEqual(['perform', `defer to ${clock.now + LEASE_MS} as 1`])
    end.resolve()
    await idle()
    expect(calls.at(-1)).toBe('remove')
  })

  test('writes an entry for a running effect that has none when the alarm fires', async () => {
    const end = Promise.withResolvers<void>()
    const { drain, calls, clock, entry, idle } = harness({ perform: [() => end.promise], entry: null })
    drain.enqueue([ANSWER])
    drain.fire()
    expect(entry()).toEqual({ key: 'answer', effect: ANSWER, due: clock.now + LEASE_MS, tries: 1 })
    end.resolve()
    await idle()
    expect(calls).toEqual(['perform', `defer to ${1000 + LEASE_MS} as 1`, 'remove'])
  })

  test('makes a recovered effect without an entry due at once', async () => {
    const { drain, calls, idle } = harness({ perform: [async () => {}], entry: null })
    drain.recover([ANSWER])
    expect(drain.due()).toBe(1000)
    drain.fire()
    await idle()
    expect(calls).toEqual(['defer to 1000 as 0', `defer to ${1000 + LEASE_MS} as 1`, 'perform', 'remove'])
  })

  test('recovering an effect that is deferred or running changes nothing', async () => {
    const deferred = harness({ perform: [], entry: { due: 7_000, tries: 3 } })
    deferred.drain.recover([ANSWER])
    expect(deferred.calls).toEqual([])

    const running = harness({ perform: [async () => {}], entry: null })
    running.drain.enqueue([ANSWER])
    running.drain.recover([ANSWER])
    await running.idle()
    expect(running.calls).toEqual(['perform', 'remove'])
  })

  test('is due at the time of its earliest entry', () => {
    expect(harness({ perform: [], entry: { due: 7 } }).drain.due()).toBe(7)
    expect(harness({ perform: [], entry: null }).drain.due()).toBeNull()
  })
})

async function failing(): Promise<never> {
  throw new Error('no')
}

interface HarnessOptions { perform: DrainDeps['perform'][], entry?: Partial<OutboxEntry> | null, random?: () => number }

/** A drain over one entry in memory, as the outbox would hold it. */
function harness({ perform, entry: initial, random = () => 1 }: HarnessOptions) {
  const calls: string[] = []
  const clock = { now: 1000 }
  let work = Promise.resolve()
  let entry: OutboxEntry | null = initial === null ? null : { key: 'answer', effect: ANSWER, due: 1000 + LEASE_MS, tries: 1, ...initial }

  const drain = createDrain({
    entries: () => entry ? [entry] : [],
    defer(effect, to) {
      calls.push(`defer to ${to.due} as ${to.tries}`)
      entry = { key: 'answer', effect, ...to }
    },
    remove() {
      calls.push('remove')
      entry = null
    },
    perform(effect) {
      calls.push('perform')
      return must(perform.shift(), 'one more performance')(effect)
    },
    gaveUp: async () => void calls.push('gave up'),
    failed: (_, error) => calls.push(`failed: ${error instanceof Error ? error.message : ''}`),
    background: more => work = Promise.all([work, more]).then(() => {}),
    rescheduled: () => calls.push('rescheduled'),
    now: () => clock.now,
    random,
  })
  return { drain, calls, clock, entry: () => entry, idle: () => work }
}
