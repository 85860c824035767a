import { expect, test } from 'vitest'
import { countRows } from '../store/count-rows.ts'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { onStorage } from '../testing.ts'
import { cookieOrder, raiseEpoch } from './epoch.ts'
import { createPokes } from './pokes.ts'
import { writeSubscription } from './subscription.ts'

test('a commit nobody listens to reads nothing to tell', () => onStorage(async (given) => {
  migrate(given)
  raiseEpoch(given.sql, 2)
  const { storage, read } = countRows(given)
  const store = createStore({ storage, now: () => 0 })
  const { 0: socket } = new WebSocketPair()
  const sent: string[] = []
  const pokes = createPokes({ store, sockets: () => [socket], send: (_, { type }) => sent.push(type) })

  const before = read()
  pokes.poke()
  expect([read() - before, sent]).toEqual([0, []])

  writeSubscription(socket, { clientGroupID: 'group', cookie: { order: cookieOrder({ epoch: 2, version: 0, depth: 0 }), floor: 0 } })
  await store.commit(tx => tx.set('note/n', { text: 'Hello' }))
  expect(sent).toEqual(['poke'])
}))
