import type { Mutation } from '#shared/protocol/replicache.ts'
import type { Replica } from './replica.ts'
import { nanoid } from 'nanoid'
import { afterEach, expect, test } from 'vitest'
import { AGAIN } from '#shared/protocol/again.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { createDelivered } from './delivered.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { openReplica } from './replica.ts'

const open: Replica[] = []
afterEach(() => Promise.all(open.splice(0).map(replica => replica.close())))

/** A device that is offline, whose pages find what earlier ones wrote into the journal, and of Replicache's own rows nothing. */
function device() {
  const store = journalStore('', 'mem')
  const alive = new Set<string>()
  return {
    page() {
      const rows = new Map<string, unknown>()
      const pushed: Mutation[] = []
      const link = { up: false }
      const clients: string[] = []
      const journal = createJournal({ store, onUnsaved: () => {} })
      const replica = openReplica({
        name: nanoid(),
        store: 'mem',
        now: Date.now,
        journal,
        pages: {
          enter: (clientID) => {
            clients.push(clientID)
            alive.add(clientID)
            return () => alive.delete(clientID)
          },
          present: async () => alive,
        },
        delivered: createDelivered(),
        requests: {
          call: async (request) => {
            if (!link.up || request.type !== 'push')
              return null
            pushed.push(...request.body.mutations)
            return { type: 'pushed', request: 1, response: {} }
          },
        },
        onPulled: () => {},
        onStuck: () => {},
        onForgotten: () => {},
        onStale: () => {},
      })
      open.push(replica)
      replica.watch(changes => changes.forEach(({ key, value }) => value === undefined ? rows.delete(key) : rows.set(key, value)))
      const texts = () => [...rows].sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => (value as { text: string }).text)
      return { replica, journal, texts, pushed, link, die: () => clients.forEach(client => alive.delete(client)) }
    },
  }
}

async function write({ replica, journal }: Pick<ReturnType<ReturnType<typeof device>['page']>, 'replica' | 'journal'>, ...texts: string[]) {
  for (const text of texts)
    await replica.mutate.sendMessage({ id: text, text })
  await journal.entries()
}

test('a page shows what the one before it did last, and goes on from there', async () => {
  const { page } = device()
  const first = page()
  await write(first, 'one', 'two')
  first.die()

  const second = page()
  await second.replica.recover()
  await write(second, 'three')
  expect(second.texts()).toEqual(['one', 'two', 'three'])
  expect((await second.replica.unsent()).map(({ args }) => args)).toEqual(['one', 'two', 'three'].map(text => ({ id: text, text })))
})

test('it is said again under its first name, once, however many pages died on the way', async () => {
  const { page } = device()
  const first = page()
  await write(first, 'one')
  const [{ clientID, id } = { clientID: '', id: 0 }] = await first.journal.entries()
  first.die()
  const second = page()
  await Promise.all([second.replica.recover(), second.replica.recover()])
  await write(second, 'two')
  second.die()

  const third = page()
  await third.replica.recover()
  third.link.up = true
  third.replica.sync()
  await eventually(() => expect(third.pushed.slice(0, 2).map(({ name, args }) => [name, args])).toEqual([
    [AGAIN, expect.objectContaining({ clientID, id, args: { id: 'one', text: 'one' } })],
    [AGAIN, expect.objectContaining({ args: { id: 'two', text: 'two' } })],
  ]))
  await eventually(async () => expect(await third.journal.entries()).toEqual([]))
})

test('what another page that is open did is its own to say', async () => {
  const { page } = device()
  await write(page(), 'one')
  const second = page()
  await second.replica.recover()
  expect(second.texts()).toEqual([])
})

test('a device that was revoked still knows what was not sent', async () => {
  const { page } = device()
  const first = page()
  await write(first, 'one')
  first.die()
  expect((await page().replica.unsent()).map(({ name }) => name)).toEqual(['sendMessage'])
})
