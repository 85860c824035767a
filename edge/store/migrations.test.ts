import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MAX_TOKENS } from '#shared/model/bounded.ts'
import { read, rows } from '#shared/model/rows.ts'
import { taskKey } from '#shared/model/task.ts'
import { buildTask } from '#shared/testing/build-task.ts'
import { changesAfter, newestCookie } from '../sync/pull.ts'
import { onStorage } from '../testing/harness.ts'
import { createStore } from './create-store.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

/** The number of migrations before the rows were called approvals. */
const BEFORE_APPROVALS = 10

/** The number of migrations before the repair of sums. */
const BEFORE_REPAIR = 11

const DAY = {
  day: '2026-11-23',
  replies: 1,
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 1,
  cacheWriteTokens: 1,
  costUsd: 1,
  unpricedTokens: 0,
}

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

test('sums that became null are repaired, devices receive them, and other rows stay as they were', () => onStorage(async (storage) => {
  const { sql } = storage
  migrate(storage, migrations.slice(0, BEFORE_REPAIR))
  const store = createStore({ storage, now: () => 1 })
  const good = buildTask({ id: 'bbbbbbbbbb', usage: { costUsd: 0.25, inputTokens: 1, outputTokens: 2 } })
  await store.commit(async (tx) => {
    await tx.set(taskKey('aaaaaaaaaa'), { ...buildTask({ id: 'aaaaaaaaaa' }), usage: { costUsd: 1.5, inputTokens: null, outputTokens: 7 } })
    await tx.set(taskKey(good.id), good)
    await tx.set('usage/2026-11-23', { ...DAY, cacheReadTokens: null })
  })
  sql.exec('INSERT INTO rows (key, version, value) VALUES (\'task/broken\', 1, \'{\')')
  sql.exec('INSERT INTO clients (client_group, id, last_mutation, version) VALUES (\'group\', \'client\', 9, 7)')
  const cookie = newestCookie(createStore({ storage, now: () => 1 }), 1, 0)

  migrate(storage)
  const repaired = createStore({ storage, now: () => 1 })
  expect(await read(repaired.rows, rows.task, 'aaaaaaaaaa')).toMatchObject({ usage: { costUsd: 1.5, inputTokens: MAX_TOKENS, outputTokens: 7 } })
  expect(await read(repaired.rows, rows.task, good.id)).toEqual(good)
  expect(await read(repaired.rows, rows.usage, '2026-11-23')).toEqual({ ...DAY, cacheReadTokens: MAX_TOKENS })
  const { patch } = must(changesAfter(repaired, 'group', cookie), 'changes')
  expect(patch.map(change => 'key' in change && change.key).sort()).toEqual(['task/aaaaaaaaaa', 'usage/2026-11-23'])
}))
