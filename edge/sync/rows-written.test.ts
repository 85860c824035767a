import { expect, test } from 'vitest'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { countRows } from '../testing/count-rows.ts'
import { mutation, onStorage, pullBody, pushBody } from '../testing/harness.ts'
import { processPush } from './process-push.ts'
import { pull } from './pull.ts'

/** Cloudflare bills rows written, those of every index included. */
test('a message costs three rows, and a pull none', () => onStorage(async (given) => {
  migrate(given)
  const { storage, written } = countRows(given)
  const store = createStore({ storage, now: () => 1000 })
  const send = async (id: number) => {
    const before = written()
    await processPush(store, pushBody({ mutations: [mutation({ id })] }))
    return written() - before
  }

  // The message, its place in the order of versions, its client. That somebody waits for an answer is in the message.
  expect([await send(1), await send(2), await send(3)]).toEqual([3, 3, 3])

  const first = pull(store, pullBody(), { now: 0 })
  const before = written()
  if ('cookie' in first)
    pull(store, pullBody({ cookie: first.cookie }), { now: 0 })
  expect(written() - before).toBe(0)
}))
