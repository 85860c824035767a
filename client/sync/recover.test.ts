import type { Mutation } from '#shared/protocol/replicache.ts'
import type { Replica } from './replica.ts'
import { nanoid } from 'nanoid'
import { afterEach, expect, test } from 'vitest'
import { REPLAY } from '#shared/protocol/replay.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { openReplica } from './replica.ts'

const open: Replica[] = []
afterEach(() => Promise.all(open.splice(0).map(replica => replica.close())))

/** An offline device whose tabs share the journal, but none of Replicache's own rows. */
function device() {
  const store = journalStore('', 'mem')
  const alive = new Set<string>()
  return {
    tab() {
      const rows = new Map<string, unknown>()
      const pushed: Mutation[] = []
      const connection = { up: false }
      const clients: string[] = []
      const journal = createJournal({ store, onUnsaved: () => {} })
      const replica = openReplica({
        name: nanoid(),
        store: 'mem',
        now: Date.now,
        journal,
        tabs: {
          open: (clientID) => {
            clients.push(clientID)
            alive.add(clientID)
            return () => alive.delete(clientID)
          },
          openClients: async () => alive,
        },
        acknowledged: createAcknowledgedMutations(),
        requests: {
          call: async (request) => {
            if (!connection.up || request.type !== 'push')
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
      replica.watch((changes) => {
        for (const { key, value } of changes)
          value === undefined ? rows.delete(key) : rows.set(key, value)
      })
      const texts = () =>
        [...rows].sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => (value as { text: string }).text)
      return { replica, journal, texts, pushed, connection, crash: () => clients.forEach(client => alive.delete(client)) }
    },
  }
}

type Tab = ReturnType<ReturnType<typeof device>['tab']>

async function write({ replica, journal }: Pick<Tab, 'replica' | 'journal'>, ...texts: string[]) {
  for (const text of texts)
    await replica.mutate.sendMessage({ id: text, text })
  await journal.entries()
}

test('a tab shows the last mutations of a closed tab and adds to them', async () => {
  const { tab } = device()
  const first = tab()
  await write(first, 'one', 'two')
  first.crash()

  const second = tab()
  await second.replica.recover()
  await write(second, 'three')
  expect(second.texts()).toEqual(['one', 'two', 'three'])
  const unsent = (await second.replica.unsent()).map(({ args }) => args)
  expect(unsent).toEqual(['one', 'two', 'three'].map(text => ({ id: text, text })))
})

test('a replayed mutation keeps its client and number through several closed tabs, and is sent once', async () => {
  const { tab } = device()
  const first = tab()
  await write(first, 'one')
  const [{ clientID, id } = { clientID: '', id: 0 }] = await first.journal.entries()
  first.crash()
  const second = tab()
  await Promise.all([second.replica.recover(), second.replica.recover()])
  await write(second, 'two')
  second.crash()

  const third = tab()
  await third.replica.recover()
  third.connection.up = true
  third.replica.sync()
  await eventually(() => expect(third.pushed.slice(0, 2).map(({ name, args }) => [name, args])).toEqual([
    [REPLAY, expect.objectContaining({ clientID, id, args: { id: 'one', text: 'one' } })],
    [REPLAY, expect.objectContaining({ args: { id: 'two', text: 'two' } })],
  ]))
  await eventually(async () => expect(await third.journal.entries()).toEqual([]))
})

test('the mutations of another open tab are not replayed', async () => {
  const { tab } = device()
  await write(tab(), 'one')
  const second = tab()
  await second.replica.recover()
  expect(second.texts()).toEqual([])
})

test('a revoked device still lists its unsent mutations', async () => {
  const { tab } = device()
  const first = tab()
  await write(first, 'one')
  first.crash()
  expect((await tab().replica.unsent()).map(({ name }) => name)).toEqual(['sendMessage'])
})

test('a mutation that was journaled under a former name is replayed under that name', async () => {
  const { tab } = device()
  const first = tab()
  const args = { ask: 'a1', accept: false }
  first.journal.add({ clientGroupID: 'group', clientID: 'earlier', id: 1, name: 'decideAsk', args, at: 1 })
  await first.journal.entries()
  first.connection.up = true
  await first.replica.recover()
  first.replica.sync()
  await eventually(() => expect(first.pushed.map(({ name, args }) => [name, args])).toEqual([
    [REPLAY, expect.objectContaining({ clientID: 'earlier', id: 1, name: 'decideAsk' })],
  ]))
})
