import type { Task, TaskState } from '#shared/model/task.ts'
import type { Notifier } from './notifier.ts'
import type { FakeBrowser } from './testing/fake-push-service.ts'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { taskKey } from '#shared/model/task.ts'
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
  /** The task comes into a state now. */
  enters: (state: TaskState, given?: Partial<Task>) => Promise<void>
}

/** A phone and a laptop that asked to be told, at a push service that checks everything. */
async function harness(play: (on: Harness) => Promise<void>): Promise<void> {
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
    await play({
      sql,
      notifier,
      phone,
      laptop,
      person,
      clock,
      enters: (state, given) => store.commit(tx => tx.set(taskKey('a1b2c3d4e5'), buildTask({ ...given, state: { ...state, since: clock.now } }))),
    })
  })
}

const PLAN = { title: 'A plan to approve', body: 'Add a farewell', tag: 'a1b2c3d4e5', path: '/tasks/a1b2c3d4e5' }

test('what waits is told to every device, encrypted and signed, once', () => harness(async ({ notifier, phone, laptop, enters }) => {
  await enters(STATES.plan_review)
  await notifier.notify()
  await notifier.notify()
  expect([phone.got, laptop.got]).toEqual([[PLAN], [PLAN]])
}))

test('the next thing about a task replaces the one before, at the push service and on the screen', () => harness(async ({ notifier, phone, clock, enters }) => {
  await enters(STATES.plan_review)
  await notifier.notify()
  clock.now += 1000
  await enters(STATES.in_review)
  await notifier.notify()
  expect(phone.got.map(({ title, tag }) => [title, tag])).toEqual([['A plan to approve', 'a1b2c3d4e5'], ['A pull request is ready', 'a1b2c3d4e5']])
  expect(phone.topics).toEqual(['a1b2c3d4e5', 'a1b2c3d4e5'])
}))

test('what was seen on one device is not told to another', () => harness(async ({ notifier, phone, person, clock, enters }) => {
  person.present = true
  await enters(STATES.plan_review)
  expect(await notifier.notify()).toEqual({ retryAt: clock.now + 30_000 })
  await enters(STATES.plan_review, { seen: clock.now })
  clock.now += 30_000
  expect(await notifier.notify()).toBeUndefined()
  expect(phone.got).toEqual([])
}))

test('a push service that is down is asked again, and nobody is told twice', () => harness(async ({ notifier, phone, laptop, clock, enters }) => {
  await enters(STATES.failed)
  phone.status = 503
  expect(await notifier.notify()).toEqual({ retryAt: clock.now + 5_000 })
  phone.status = 201
  clock.now += 5_000
  await notifier.notify()
  expect([phone.got.length, laptop.got.length]).toEqual([1, 1])
}))

test.each([404, 410, 403])('a subscription that is over (%s) is forgotten', status => harness(async ({ sql, notifier, phone, laptop, enters, clock }) => {
  phone.status = status
  await enters(STATES.plan_review)
  await notifier.notify()
  expect(listSubscriptions(sql, clock.now).map(({ device }) => device)).toEqual(['laptop'])
  expect(laptop.got).toEqual([PLAN])
}))

test('nothing is told to a device that was revoked', () => harness(async ({ sql, notifier, phone, enters }) => {
  revokeDevice(
    { sql, now: () => 1, newId: () => '', sockets: () => [], pruneSubscriptions: () => {}, removeSubscription: device => removeSubscription(sql, device) },
    'phone',
  )
  await enters(STATES.plan_review)
  await notifier.notify()
  expect(phone.got).toEqual([])
}))

test('the wish to tell is a row of the commit that brought it, and costs nothing while nobody listens', () => harness(async ({ sql, enters }) => {
  await enters(STATES.plan_review)
  expect(entries(sql).map(({ key }) => key)).toEqual(['notify'])
  sql.exec('DELETE FROM outbox')
  sql.exec('DELETE FROM push_subscriptions')
  await enters(STATES.in_review)
  expect(entries(sql)).toEqual([])
}))
