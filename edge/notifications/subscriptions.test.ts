import { expect, test } from 'vitest'
import { addDevice, DEVICE_LIFETIME_MS, removeDevice } from '../members/devices.ts'
import { admit } from '../members/members.ts'
import { withStore } from '../testing/harness.ts'
import { hasSubscriptions, listSubscriptions, MAX_SUBSCRIPTIONS, pruneSubscriptions, putSubscription } from './subscriptions.ts'

function subscriptionOf(device: string) {
  return {
    device,
    endpoint: `https://push.example/${device}`,
    keys: { p256dh: '', auth: '' },
    origin: 'https://mainloop.example',
    told: [],
  }
}

/** The maximum of subscribed devices, whose tokens have all expired at the time `later`. */
function withExpired(run: (harness: { sql: SqlStorage, later: number, count: () => number }) => void): Promise<void> {
  return withStore(async ({ sql }) => {
    for (let n = 0; n < MAX_SUBSCRIPTIONS; n++) {
      addDevice(sql, { id: `d${n}`, name: 'Phone', createdAt: 1 }, `d${n}`)
      expect(putSubscription(sql, subscriptionOf(`d${n}`), 1)).toBe('taken')
    }
    const count = () => sql.exec('SELECT 1 FROM push_subscriptions').toArray().length
    run({ sql, later: 1 + DEVICE_LIFETIME_MS, count })
  })
}

test('subscriptions of expired devices do not count', () => withExpired(({ sql, later }) => {
  expect([hasSubscriptions(sql, later - 1), hasSubscriptions(sql, later)]).toEqual([true, false])
}))

test('subscriptions of expired devices make room for new ones', () => withExpired(({ sql, later, count }) => {
  sql.exec(
    'INSERT INTO devices (id, token_hash, name, created_at, seen_at, issued_at) VALUES (\'new\', \'new\', \'Phone\', ?1, ?1, ?1)',
    later,
  )
  expect([putSubscription(sql, subscriptionOf('new'), later), count()]).toEqual(['taken', 1])
}))

test('subscriptions are deleted together with expired devices', () => withExpired(({ sql, later, count }) => {
  const members = { sql, now: () => later, newId: () => 'new', sockets: () => [], removeSubscription: () => {} }
  admit({ ...members, pruneSubscriptions: () => pruneSubscriptions(sql, later) }, 'Phone', 'new')
  expect(count()).toBe(0)
}))

test('a device that was revoked meanwhile cannot subscribe', () => withStore(async ({ sql }) => {
  addDevice(sql, { id: 'phone', name: 'Phone', createdAt: 1 }, 'phone')
  removeDevice(sql, 'phone')
  expect([putSubscription(sql, subscriptionOf('phone'), 2), listSubscriptions(sql, 2)]).toEqual(['gone', []])
}))
