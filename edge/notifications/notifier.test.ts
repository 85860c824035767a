import type { Task, TaskState } from '#shared/model/task.ts'
import type { Notifier } from './notifier.ts'
import type { FakeBrowser } from './testing/fake-push-service.ts'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { taskKey } from '#shared/model/task.ts'
import { STALL_LIMITS_MS } from '#shared/task/wait.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { addDevice } from '../members/devices.ts'
import { revokeDevice } from '../members/members.ts'
import { entries } from '../store/outbox.ts'
import { createUnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import { withStore } from '../testing/harness.ts'
import { createNotifier } from './notifier.ts'
import { listSubscriptions, putSubscription, removeSubscription } from './subscriptions.ts'
import { createFakePushService } from './testing/fake-push-service.ts'
import { vapidKey } from './vapid-key.ts'

interface Harness {
  sql: SqlStorage
  notifier: Notifier
  phone: FakeBrowser
  laptop: FakeBrowser
  person: { present: boolean }
  clock: { now: number }
  /** Moves the task into a state now. */
  enter: (state: TaskState, rest?: Partial<Task>) => Promise<void>
}

/** A phone and a laptop that are subscribed at a strict push service. */
async function withNotifier(run: (harness: Harness) => Promise<void>): Promise<void> {
  const key = await vapidKey(env.SETUP_SECRET)
  const service = createFakePushService(key.publicKey)
  const person = { present: false }
  const clock = { now: 1_000_000 }
  await withStore(async (store) => {
    const { sql } = store
    const notifier = createNotifier({
      store,
      unfinished: createUnfinishedTasks(store),
      key: () => vapidKey(env.SETUP_SECRET),
      request: service.receive,
      isPresent: () => person.present,
      now: () => clock.now,
    })
    store.onCommit(keys => void notifier.committed(keys))
    const [phone, laptop] = await Promise.all(['phone', 'laptop'].map(service.subscribe)) as [FakeBrowser, FakeBrowser]
    for (const [id, { subscription }] of Object.entries({ phone, laptop })) {
      addDevice(sql, { id, name: id, createdAt: clock.now }, id)
      putSubscription(sql, { ...subscription, device: id, origin: 'https://mainloop.example', told: [] }, clock.now)
    }
    await run({
      sql,
      notifier,
      phone,
      laptop,
      person,
      clock,
      enter: (state, rest) => {
        const task = buildTask({ ...rest, state: { ...state, since: clock.now } })
        return store.commit(tx => tx.set(taskKey('a1b2c3d4e5'), task))
      },
    })
  })
}

const PLAN = { title: 'A plan to approve', body: 'Add a farewell', tag: 'a1b2c3d4e5', path: '/tasks/a1b2c3d4e5' }

test('a pending item is sent to every device once, encrypted and signed', () => withNotifier(async ({ notifier, phone, laptop, enter }) => {
  await enter(STATES.plan_review)
  await notifier.notify()
  await notifier.notify()
  expect([phone.got, laptop.got]).toEqual([[PLAN], [PLAN]])
}))

test('a later notice about a task replaces the earlier one', () => withNotifier(async ({ notifier, phone, clock, enter }) => {
  await enter(STATES.plan_review)
  await notifier.notify()
  clock.now += 1000
  await enter(STATES.in_review)
  await notifier.notify()
  expect(phone.got.map(({ title, tag }) => [title, tag])).toEqual([['A plan to approve', 'a1b2c3d4e5'], ['A pull request is ready', 'a1b2c3d4e5']])
  expect(phone.topics).toEqual(['a1b2c3d4e5', 'a1b2c3d4e5'])
}))

test('an item that was seen on one device is not sent to another', () => withNotifier(async ({ notifier, phone, person, clock, enter }) => {
  person.present = true
  await enter(STATES.plan_review)
  expect(await notifier.notify()).toEqual({ retryAt: clock.now + 30_000 })
  await enter(STATES.plan_review, { seen: clock.now })
  clock.now += 30_000
  expect(await notifier.notify()).toBeUndefined()
  expect(phone.got).toEqual([])
}))

test('a check that stays pending is told when its limit has passed, although nothing is committed then', () => withNotifier(async (it) => {
  const { notifier, phone, clock, enter } = it
  await enter({ ...STATES.checking, since: clock.now, pending: ['tide'] })
  expect(await notifier.notify()).toEqual({ retryAt: clock.now + STALL_LIMITS_MS.pending })
  expect(phone.got).toEqual([])
  clock.now += STALL_LIMITS_MS.pending
  expect(await notifier.notify()).toBeUndefined()
  expect(phone.got).toMatchObject([{ title: 'A task waits too long' }])
}))

test('a push service that is down is retried, and no device is notified twice', () => withNotifier(async ({ notifier, phone, laptop, clock, enter }) => {
  await enter(STATES.failed)
  phone.status = 503
  expect(await notifier.notify()).toEqual({ retryAt: clock.now + 5_000 })
  phone.status = 201
  clock.now += 5_000
  await notifier.notify()
  expect([phone.got.length, laptop.got.length]).toEqual([1, 1])
}))

test.each([404, 410, 403])('a subscription that has ended (%s) is deleted', status => withNotifier(async ({ sql, notifier, phone, laptop, enter, clock }) => {
  phone.status = status
  await enter(STATES.plan_review)
  await notifier.notify()
  expect(listSubscriptions(sql, clock.now).map(({ device }) => device)).toEqual(['laptop'])
  expect(laptop.got).toEqual([PLAN])
}))

test('a revoked device gets no notices', () => withNotifier(async ({ sql, notifier, phone, enter }) => {
  const members = { sql, now: () => 1, newId: () => '', sockets: () => [], pruneSubscriptions: () => {} }
  revokeDevice({ ...members, removeSubscription: device => removeSubscription(sql, device) }, 'phone')
  await enter(STATES.plan_review)
  await notifier.notify()
  expect(phone.got).toEqual([])
}))

test('the effect is a row of the commit that caused it, and costs nothing without subscriptions', () => withNotifier(async ({ sql, enter }) => {
  await enter(STATES.plan_review)
  expect(entries(sql).map(({ key }) => key)).toEqual(['notify'])
  sql.exec('DELETE FROM outbox')
  sql.exec('DELETE FROM push_subscriptions')
  await enter(STATES.in_review)
  expect(entries(sql)).toEqual([])
}))
