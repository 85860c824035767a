import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { changesAfter, newestCookie } from '../sync/pull.ts'
import { onStorage } from '../testing/harness.ts'
import { createStore } from './create-store.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

/** The number of migrations before the rows were called approvals. */
const BEFORE_APPROVALS = 10

test('approvals move to their new key, and devices receive the change', () => onStorage(async (storage) => {
  const { sql } = storage
  migrate(storage, migrations.slice(0, BEFORE_APPROVALS))
  sql.exec(`INSERT INTO rows (key, version, value)
    VALUES ('ask/a1', 3, '{"id":"a1"}'), ('ask/gone', 4, NULL), ('asking', 4, '1'), ('task/t', 5, '1')`)
  sql.exec(`INSERT INTO clients (client_group, id, last_mutation, version) VALUES ('group', 'client', 9, 7)`)
  sql.exec(`INSERT INTO push_subscriptions (device, endpoint, p256dh, auth, origin, told) VALUES ('d', 'e', 'p', 'a', 'o', '["t1/ask/5","t1/plan/6"]')`)
  const cookie = newestCookie(createStore({ storage, now: () => 1 }), 1, 0)

  migrate(storage)
  const store = createStore({ storage, now: () => 1 })

  expect(store.version()).toBe(8)
  const { cookie: newer, patch } = must(changesAfter(store, 'group', cookie), 'changes')
  expect(newer).toEqual(newestCookie(store, 1, 0))
  expect(patch.toSorted((a, b) => a.op < b.op ? -1 : 1)).toEqual([
    { op: 'del', key: 'ask/a1' },
    { op: 'put', key: 'approval/a1', value: { id: 'a1' } },
  ])
  expect(sql.exec('SELECT told FROM push_subscriptions').one()).toEqual({ told: '["t1/approval/5","t1/plan/6"]' })
}))

test('storage without approvals keeps its version', () => onStorage((storage) => {
  migrate(storage, migrations.slice(0, BEFORE_APPROVALS))
  storage.sql.exec('INSERT INTO rows (key, version, value) VALUES (\'task/t\', 5, \'1\')')
  migrate(storage)
  expect(createStore({ storage, now: () => 1 }).version()).toBe(5)
}))
