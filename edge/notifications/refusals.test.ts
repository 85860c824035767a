import type { FakeBrowser } from './testing/fake-push-service.ts'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { taskKey } from '#shared/model/task.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { addDevice } from '../members/devices.ts'
import { createDrain } from '../store/drain.ts'
import { defer, entries, remove } from '../store/outbox.ts'
import { createUnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { withStore } from '../testing/harness.ts'
import { createNotifier } from './notifier.ts'
import { putSubscription } from './subscriptions.ts'
import { createFakePushService } from './testing/fake-push-service.ts'
import { vapidKey } from './vapid-key.ts'

interface Harness {
  phone: FakeBrowser
  clock: { now: number }
  /** A plan waits on one more task, and what that asked for was done. */
  commit: (task: string) => Promise<void>
  /** The alarm rings when it is due. */
  ring: () => Promise<void>
  due: () => number | null
}

/** A phone that is told through the real outbox and drain. */
async function harness(play: (on: Harness) => Promise<void>): Promise<void> {
  const key = await vapidKey(env.SETUP_SECRET)
  const service = createFakePushService(key.publicKey)
  const clock = { now: 1_000_000 }
  const now = () => clock.now
  await withStore(async (store) => {
    const { sql } = store
    let work: Promise<unknown> = Promise.resolve()
    const notifier = createNotifier({
      store,
      unfinished: createUnfinishedTasks(store),
      key: async () => key,
      request: service.receive,
      isPresent: () => false,
      now,
    })
    const drain = createDrain({
      entries: () => entries(sql),
      defer: (effect, to) => defer(sql, effect, to),
      remove: key => remove(sql, key),
      perform: () => notifier.notify(),
      gaveUp: async () => expect.unreachable('it was given up'),
      failed: (_, error) => expect.unreachable(String(error)),
      background: more => work = Promise.all([work, more]),
      rescheduled: () => {},
      now,
      random: () => 1,
    })
    store.onCommit(keys => drain.enqueue(notifier.committed(keys)))
    const phone = await service.subscribe('phone')
    addDevice(sql, { id: 'phone', name: 'Phone', createdAt: clock.now }, 'phone')
    putSubscription(sql, { ...phone.subscription, device: 'phone', origin: 'https://mainloop.example', told: [] }, clock.now)
    await play({
      phone,
      clock,
      async commit(task) {
        await store.commit(tx => tx.set(taskKey(task), buildTask({ id: task, state: { ...STATES.plan_review, since: clock.now } })))
        await work
      },
      async ring() {
        clock.now = must(drain.due(), 'something that is due')
        drain.fire()
        await work
      },
      due: drain.due,
    })
  }, now)
}

const task = (n: number) => `task${String(n).padStart(6, '0')}`

test.each([429, 500, 503])('a push service that refuses for now (%s) is left alone for a while however much happens, and then told everything', status =>
  harness(async ({ phone, clock, commit, ring, due }) => {
    phone.status = status
    for (let n = 0; n < 100; n++) {
      await commit(task(n % 10))
      clock.now += 10
    }
    expect([phone.calls, due()]).toEqual([1, 1_005_000])
    await ring()
    expect([phone.calls, due()]).toEqual([2, 1_015_000])
    phone.status = 201
    await ring()
    expect([phone.calls, phone.got.length, due()]).toEqual([12, 10, null])
  }))

test('it says itself for how long', () => harness(async ({ phone, clock, commit, due }) => {
  Object.assign(phone, { status: 429, retryAfter: '120' })
  await commit(task(1))
  expect(due()).toBe(clock.now + 120_000)
}))

test.each([400, 413, 302])('what it will never take (%s) is not sent again, and the next thing is', status => harness(async ({ phone, commit, due }) => {
  phone.status = status
  await commit(task(1))
  expect([phone.calls, due()]).toEqual([1, null])
  phone.status = 201
  await commit(task(2))
  expect(phone.got.map(({ tag }) => tag)).toEqual([task(2)])
}))

test('one that stays down is asked ever less, and no more after the day for which it would keep a notice', () =>
  harness(async ({ phone, clock, commit, ring, due }) => {
    phone.status = 503
    await commit(task(1))
    while (due() !== null) await ring()
    expect(phone.calls).toBe(34)
    expect(clock.now - 1_000_000).toBeGreaterThan(24 * 3_600_000)
  }))
