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

/** As many devices as may be told, each told; and then they stay away until their tokens are worth nothing. */
function withExpired(play: (on: { sql: SqlStorage, later: number, count: () => number }) => void): Promise<void> {
  return withStore(async ({ sql }) => {
    for (let n = 0; n < MAX_SUBSCRIPTIONS; n++) {
      addDevice(sql, { id: `d${n}`, name: 'Phone', createdAt: 1 }, `d${n}`)
      expect(putSubscription(sql, subscriptionOf(`d${n}`), 1)).toBe('taken')
    }
    play({ sql, later: 1 + DEVICE_LIFETIME_MS, count: () => sql.exec('SELECT 1 FROM push_subscriptions').toArray().length })
  })
}

test('devices that stayed away too long keep nothing awake', () => withExpired(({ sql, later }) => {
  expect([hasSubscriptions(sql, later - 1), hasSubscriptions(sql, later)]).toEqual([true, false])
}))

test('and make room for the ones that come', () => withExpired(({ sql, later, count }) => {
  sql.exec('INSERT INTO devices (id, token_hash, name, created_at, seen_at, issued_at) SELECT \'new\', \'new\', \'Phone\', ?1, ?1, ?1', later)
  expect([putSubscription(sql, subscriptionOf('new'), later), count()]).toEqual(['taken', 1])
}))

test('where they were pushed to is forgotten together with them', () => withExpired(({ sql, later, count }) => {
  admit(
    { sql, now: () => later, newId: () => 'new', sockets: () => [], pruneSubscriptions: () => pruneSubscriptions(sql, later), removeSubscription: () => {} },
    'Phone',
    'new',
  )
  expect(count()).toBe(0)
}))

test('a device that was revoked while it asked is not told', () => withStore(async ({ sql }) => {
  addDevice(sql, { id: 'phone', name: 'Phone', createdAt: 1 }, 'phone')
  removeDevice(sql, 'phone')
  expect([putSubscription(sql, subscriptionOf('phone'), 2), listSubscriptions(sql, 2)]).toEqual(['gone', []])
}))
