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
  /** Commits one more task with a plan to approve, and waits for the effects. */
  commit: (task: string) => Promise<void>
  /** Fires the alarm at its due time. */
  fireAlarm: () => Promise<void>
  due: () => number | null
}

/** A phone that is notified through the real outbox and drain. */
async function withPhone(run: (harness: Harness) => Promise<void>): Promise<void> {
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
    await run({
      phone,
      clock,
      async commit(task) {
        await store.commit(tx => tx.set(taskKey(task), buildTask({ id: task, state: { ...STATES.plan_review, since: clock.now } })))
        await work
      },
      async fireAlarm() {
        clock.now = must(drain.due(), 'something that is due')
        drain.fire()
        await work
      },
      due: drain.due,
    })
  }, now)
}

const task = (n: number) => `task${String(n).padStart(6, '0')}`

test.each([429, 500, 503])('a push service that answers %s is not called during the backoff, and then gets all notices', status =>
  withPhone(async ({ phone, clock, commit, fireAlarm, due }) => {
    phone.status = status
    for (let n = 0; n < 100; n++) {
      await commit(task(n % 10))
      clock.now += 10
    }
    expect([phone.calls, due()]).toEqual([1, 1_005_000])
    await fireAlarm()
    expect([phone.calls, due()]).toEqual([2, 1_015_000])
    phone.status = 201
    await fireAlarm()
    expect([phone.calls, phone.got.length, due()]).toEqual([12, 10, null])
  }))

test('a Retry-After sets the backoff', () => withPhone(async ({ phone, clock, commit, due }) => {
  Object.assign(phone, { status: 429, retryAfter: '120' })
  await commit(task(1))
  expect(due()).toBe(clock.now + 120_000)
}))

test.each([400, 413, 302])('a notice refused with %s is not sent again, but the next one is', status => withPhone(async ({ phone, commit, due }) => {
  phone.status = status
  await commit(task(1))
  expect([phone.calls, due()]).toEqual([1, null])
  phone.status = 201
  await commit(task(2))
  expect(phone.got.map(({ tag }) => tag)).toEqual([task(2)])
}))

test('a push service that stays down is called ever less, and not after the lifetime of a notice', () =>
  withPhone(async ({ phone, clock, commit, fireAlarm, due }) => {
    phone.status = 503
    await commit(task(1))
    while (due() !== null)
      await fireAlarm()
    expect(phone.calls).toBe(34)
    expect(clock.now - 1_000_000).toBeGreaterThan(24 * 3_600_000)
  }))
