import { expect, test } from 'vitest'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { countRows } from '../testing/count-rows.ts'
import { mutation, onStorage, pullBody, pushBody } from '../testing/harness.ts'
import { processPush } from './process-push.ts'
import { pull } from './pull.ts'

/** Counted because Cloudflare bills written rows, those of every index included. */
test('a message costs three rows, and a pull none', () => onStorage(async (uncounted) => {
  migrate(uncounted)
  const { storage, written } = countRows(uncounted)
  const store = createStore({ storage, now: () => 1000 })
  const send = async (id: number) => {
    const before = written()
    await processPush(store, pushBody({ mutations: [mutation({ id })] }))
    return written() - before
  }

  // The message, its entry in the index of versions, and its client. The need of an answer is read from the message.
  expect([await send(1), await send(2), await send(3)]).toEqual([3, 3, 3])

  const first = pull(store, pullBody(), { now: 0 })
  const before = written()
  if ('cookie' in first)
    pull(store, pullBody({ cookie: first.cookie }), { now: 0 })
  expect(written() - before).toBe(0)
}))
