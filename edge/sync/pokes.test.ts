import type { SendFrame } from '../sockets/send-frame.ts'
import type { Store } from '../store/store.ts'
import type { Pokes } from './pokes.ts'
import { expect, test } from 'vitest'
import { writeSubscription } from '../sockets/device-socket.ts'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { countRows } from '../testing/count-rows.ts'
import { onStorage } from '../testing/harness.ts'
import { cookieOrder, raiseEpoch } from './epoch.ts'
import { createPokes } from './pokes.ts'

const EPOCH = 2

test('a commit without subscribed sockets reads no rows', () => onPokes(async ({ store, pokes, socket, sent, read }) => {
  const before = read()
  pokes.poke()
  expect([read() - before, sent]).toEqual([0, []])

  subscribe(socket)
  await store.commit(tx => tx.set('note/n', { text: 'Hello' }))
  expect(sent).toEqual([expect.objectContaining({ type: 'poke' })])
}))

test('a socket that follows each commit is poked without reading rows', () => onPokes(async ({ store, socket, sent, read }) => {
  subscribe(socket)
  await store.commit(tx => tx.set('note/n', { text: 'Hello' }))
  const before = read()
  await store.commit(tx => tx.set('note/n', { text: 'Hello again' }))
  expect([read() - before, sent.length]).toEqual([0, 2])
}))

test('a socket that pushes gets its held changes at the end, once', () => onPokes(async ({ store, pokes, socket, sent }) => {
  subscribe(socket)
  await pokes.batch(() => store.commit(tx => tx.set('note/n', { text: 'Hello' })), socket)
  expect(sent).toEqual([])
  expect(JSON.parse(`{${pokes.takeHeld(socket)}}`)).toMatchObject({ pull: { patch: [{ op: 'put', key: 'note/n' }] } })
  expect([pokes.takeHeld(socket), sent]).toEqual([null, []])
}))

test('a socket whose push fails gets its changes by a poke', () => onPokes(async ({ store, pokes, socket, sent }) => {
  subscribe(socket)
  const work = pokes.batch(async () => {
    await store.commit(tx => tx.set('note/n', { text: 'Hello' }))
    throw new Error('no')
  }, socket)
  await expect(work).rejects.toThrow('no')
  expect(sent).toEqual([expect.objectContaining({ type: 'poke' })])
}))

interface Harness {
  store: Store
  pokes: Pokes
  /** A socket that is not subscribed yet. */
  socket: WebSocket
  sent: unknown[]
  /** The number of rows read so far. */
  read: () => number
}

function onPokes(run: (harness: Harness) => Promise<void>): Promise<void> {
  return onStorage(async (uncounted) => {
    migrate(uncounted)
    raiseEpoch(uncounted.sql, EPOCH)
    const { storage, read } = countRows(uncounted)
    const store = createStore({ storage, now: () => 0 })
    const { 0: socket } = new WebSocketPair()
    const sent: unknown[] = []
    const send: SendFrame = (_, frame) => sent.push(typeof frame === 'string' ? JSON.parse(frame) : frame)
    const pokes = createPokes({ store, sockets: () => [socket], send })
    await run({ store, pokes, socket, sent, read })
  })
}

function subscribe(socket: WebSocket): void {
  writeSubscription(socket, { clientGroupID: 'group', cookie: { order: cookieOrder({ epoch: EPOCH, version: 0, depth: 0 }), floor: 0 } })
}
