import type { Json } from '#shared/model/json.ts'
import type { Cookie, Mutation, PullResponse } from '#shared/protocol/replicache.ts'
import type { LiveRequests } from './live-requests.ts'
import type { RestartingReplica } from './restarting-replica.ts'
import { nanoid } from 'nanoid'
import { afterEach, expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { openRestartingReplica } from './restarting-replica.ts'
import { openTabs } from './tabs.ts'

let replica: RestartingReplica
afterEach(() => replica.close())

/** A device, and an edge whose storage the test replaces. */
function createHarness() {
  let rows: Record<string, Json> = {}
  let order = 100
  let group = ''
  const rescued: Mutation[] = []
  const deviceRows = new Map<string, unknown>()
  let lostRescues = 0

  function pulled(clientGroupID: string, cookie: Cookie | null): PullResponse {
    if (cookie !== null && clientGroupID !== group)
      return { error: 'ClientStateNotFound' }
    group = clientGroupID
    if (cookie?.order === order)
      return { cookie, lastMutationIDChanges: {}, patch: [] }
    return {
      cookie: { order, floor: 1 },
      lastMutationIDChanges: {},
      patch: [{ op: 'clear' }, ...Object.entries(rows).map(([key, value]) => ({ op: 'put' as const, key, value }))],
    }
  }
  const call: LiveRequests['call'] = async (request) => {
    if (request.type === 'pull')
      return { type: 'pulled', request: 1, response: pulled(request.body.clientGroupID, request.body.cookie) }
    if (request.type !== 'push' || (request.rescue && lostRescues-- > 0))
      return null
    if (request.rescue)
      rescued.push(...request.body.mutations)
    const known = request.rescue || request.body.clientGroupID === group
    return { type: 'pushed', request: 1, response: known ? {} : { error: 'ClientStateNotFound' } }
  }
  replica = openRestartingReplica({
    name: nanoid(),
    store: 'mem',
    now: Date.now,
    journal: createJournal({ store: journalStore('', 'mem'), onUnsaved: () => {} }),
    tabs: openTabs(nanoid()),
    acknowledged: createAcknowledgedMutations(),
    requests: { call },
    onPulled: () => {},
    onStuck: () => {},
    onStale: () => {},
    onRestart: () => {},
  })
  replica.watch((changes) => {
    for (const { key, value } of changes)
      value === undefined ? deviceRows.delete(key) : deviceRows.set(key, value)
  })
  return {
    deviceRows,
    rescued,
    set(next: Record<string, Json>) {
      rows = next
      order += 1
    },
    /** Gives the edge other rows at an earlier version, and makes it forget all clients. */
    replace(next: Record<string, Json>) {
      rows = next
      order = 1
      group = 'nobody'
    },
    loseRescues: (times: number) => void (lostRescues = times),
  }
}

test('a device that the edge has forgotten sends its pending mutations and starts over', async () => {
  const { deviceRows, rescued, set, replace, loseRescues } = createHarness()
  set({ [messageKey(1)]: 'old', task: 1 })
  replica.sync()
  await eventually(() => expect([...deviceRows.keys()]).toEqual([messageKey(1), 'task']))

  await replica.mutate.sendMessage({ id: 'm1', text: 'Hello' })
  replace({ [messageKey(1)]: 'new' })
  loseRescues(1)
  replica.sync()
  await eventually(() => expect([...deviceRows]).toEqual([[messageKey(1), 'new']]))
  expect(new Set(rescued.map(({ name, args }) => JSON.stringify([name, args])))).toEqual(
    new Set([JSON.stringify(['sendMessage', { id: 'm1', text: 'Hello' }])]),
  )

  await replica.mutate.sendMessage({ id: 'm2', text: 'and on' })
  expect([...deviceRows.keys()]).toEqual([messageKey(1), expect.stringMatching(/^message\/~.*m2$/)])
})
