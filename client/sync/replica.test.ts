import type { Task } from '#shared/model/task.ts'
import type { PatchOperation, PullBody, PushBody } from '#shared/protocol/replicache.ts'
import type { RowChange } from './initial-rows.ts'
import type { Replica } from './replica.ts'
import { nanoid } from 'nanoid'
import { afterEach, expect, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'
import { Refused } from '#shared/model/refusal.ts'
import { taskKey } from '#shared/model/task.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { task } from '../testing/builders.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { openReplica } from './replica.ts'
import { openTabs } from './tabs.ts'

let replica: Replica
afterEach(() => replica.close())

/** A device, and an edge that only records pushes; the test sends its pokes and answers. */
function device() {
  const rows = new Map<string, unknown>()
  const pushes: PushBody[] = []
  let edge = { order: 1, floor: 1 }
  let answer: PatchOperation[] = []
  replica = openReplica({
    name: nanoid(),
    store: 'mem',
    now: Date.now,
    journal: createJournal({ store: journalStore('', 'mem'), onUnsaved: () => {} }),
    tabs: openTabs(nanoid()),
    acknowledged: createAcknowledgedMutations(),
    requests: {
      call: async (request) => {
        if (request.type === 'push') {
          pushes.push(request.body)
          return { type: 'pushed', request: 1, response: {} }
        }
        const patch = request.type === 'pull' && sameCookie(request.body) ? [] : answer
        return { type: 'pulled', request: 1, response: { cookie: edge, lastMutationIDChanges: {}, patch } }
      },
    },
    onPulled: () => {},
    onStuck: () => {},
    onForgotten: () => {},
    onStale: () => {},
  })
  replica.watch((changes: readonly RowChange[]) => {
    for (const { key, value } of changes)
      value === undefined ? rows.delete(key) : rows.set(key, value)
  })
  return { rows, pushes, pulls, poke }

  function sameCookie(body: PullBody) {
    return body.cookie?.order === edge.order
  }
  async function pulls(patch: PatchOperation[]) {
    answer = patch
    edge = { order: edge.order + 1, floor: 1 }
    replica.sync()
    const keys = patch.flatMap(op => op.op === 'put' ? [op.key] : [])
    await eventually(() => expect([...rows.keys()]).toEqual(expect.arrayContaining(keys)))
  }
  function poke(patch: PatchOperation[], lastMutationIDChanges: Record<string, number> = {}) {
    const baseCookie = edge
    edge = { order: edge.order + 1, floor: 1 }
    replica.poke({ baseCookie, pull: { cookie: edge, lastMutationIDChanges, patch } })
  }
}

test('a message appears at once and moves to its final key when the edge has it', async () => {
  const { rows, pushes, pulls, poke } = device()
  await pulls([{ op: 'put', key: messageKey(1), value: { kind: 'person', id: 'm1', at: 1, text: 'first' } }])
  await replica.mutate.sendMessage({ id: 'm2', text: 'second' })
  expect([...rows.keys()].sort()).toEqual([messageKey(1), expect.stringMatching(/^message\/~/)])

  await eventually(() => expect(pushes.at(-1)?.mutations).toHaveLength(1))
  const [mutation] = must(pushes.at(-1), 'the push').mutations
  const { clientID, id } = must(mutation, 'the mutation')
  poke([{ op: 'put', key: messageKey(2), value: { kind: 'person', id: 'm2', at: 2, text: 'second' } }], { [clientID]: id })
  await eventually(() => expect([...rows.keys()].sort()).toEqual([messageKey(1), messageKey(2)]))
})

test('an illegal mutation is refused on the device and changes nothing', async () => {
  const { rows, pulls } = device()
  const finished = task({ id: 'abcdefghi1', state: { status: 'merged', since: 1 } })
  await pulls([{ op: 'put', key: taskKey(finished.id), value: finished }])
  await expect(replica.mutate.decideTask({ task: finished.id, event: { kind: 'cancel' } })).rejects.toBeInstanceOf(Refused)
  expect(rows.get(taskKey(finished.id))).toEqual(finished)
})

test('a pending decision that became illegal does not stop pokes', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const { rows, pulls, poke } = device()
  const proposed = task({ id: 'abcdefghi1' })
  const status = () => (rows.get(taskKey(proposed.id)) as Task).state.status
  await pulls([{ op: 'put', key: taskKey(proposed.id), value: proposed }])
  await replica.mutate.decideTask({ task: proposed.id, event: { kind: 'confirm' } })
  expect(status()).toBe('queued')

  poke([{ op: 'put', key: taskKey(proposed.id), value: { ...proposed, state: { status: 'cancelled', since: 2, by: 'dismissed' } } }])
  await eventually(() => expect(status()).toBe('cancelled'))
  expect(warn).toHaveBeenCalledOnce()
})

test('a poke with an unknown base causes a pull, which brings the rows', async () => {
  const { rows, pulls } = device()
  await pulls([{ op: 'put', key: 'turn', value: { state: 'idle', since: 0 } }])
  await pulls([{ op: 'put', key: 'note/1', value: 1 }])
  replica.poke({
    baseCookie: { order: 70, floor: 1 },
    pull: { cookie: { order: 71, floor: 1 }, lastMutationIDChanges: {}, patch: [{ op: 'put', key: 'note/2', value: 2 }] },
  })
  await pulls([{ op: 'put', key: 'note/3', value: 3 }])
  expect([...rows.keys()]).toEqual(['turn', 'note/1', 'note/3'])
})
