import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { mutation, pullBody, pushBody } from '../testing.ts'
import { processPush } from './process-push.ts'
import { pull } from './pull.ts'

/** Cloudflare bills rows written, those of every index included. */
test('a message costs three rows, and a pull none', () => runInDurableObject(env.MAINLOOP.get(env.MAINLOOP.newUniqueId()), async (_, { storage }) => {
  await storage.deleteAll()
  migrate(storage)
  const written = { rows: 0 }
  const store = createStore({ storage: counted(storage, written), now: () => 1000 })
  const send = async (id: number) => {
    const before = written.rows
    await processPush(store, pushBody({ mutations: [mutation({ id })] }))
    return written.rows - before
  }

  // The message, its place in the order of versions, its client; and once, until it is answered, that somebody waits for an answer.
  expect([await send(1), await send(2), await send(3)]).toEqual([4, 3, 3])

  const first = pull(store, pullBody(), { now: 0 })
  const before = written.rows
  if ('cookie' in first)
    pull(store, pullBody({ cookie: first.cookie }), { now: 0 })
  expect(written.rows - before).toBe(0)
}))

function counted(storage: DurableObjectStorage, written: { rows: number }): DurableObjectStorage {
  const exec: SqlStorage['exec'] = (query, ...values) => {
    const cursor = storage.sql.exec<never>(query, ...values)
    written.rows += cursor.rowsWritten
    return cursor
  }
  const sql = new Proxy(storage.sql, { get: (target, key) => key === 'exec' ? exec : Reflect.get(target, key) })
  return new Proxy(storage, {
    get(target, key) {
      const value = Reflect.get(target, key)
      return key === 'sql' ? sql : typeof value === 'function' ? value.bind(target) : value
    },
  })
}
