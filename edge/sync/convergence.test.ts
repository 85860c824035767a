import type { Json } from '#shared/model/json.ts'
import type { Cookie, Mutation, PullPatch } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { mutation, pullBody, pushBody, withStore } from '../testing/harness.ts'
import { processPush } from './process-push.ts'
import { changesAfter, pull } from './pull.ts'

/** Actions of a device; responses that are `lost` are sent but never arrive. */
const ACTIONS = ['send', 'break', 'push', 'push lost', 'pull', 'pull lost', 'poke'] as const
type Action = typeof ACTIONS[number]

const step = fc.record({ device: fc.nat(2), action: fc.constantFrom(...ACTIONS, 'restart' as const) })

test('despite losses, repeats and restarts, all devices end with the same rows and every change happens once', () => fc.assert(
  fc.asyncProperty(fc.array(step, { maxLength: 60 }), steps => withStore(async (first, restart) => {
    let store = first
    const devices = [device('a'), device('b'), device('c')]
    for (const { device, action } of steps) {
      if (action === 'restart')
        store = restart()
      else
        await act(store, must(devices[device], 'a device'), action)
    }
    for (const each of devices)
      await act(store, each, 'push')
    for (const each of devices)
      await act(store, each, 'pull')

    const rows = await everything(store)
    for (const { rows: held, pending } of devices) {
      expect(pending).toEqual([])
      expect(Object.fromEntries(held)).toEqual(rows)
    }
    const texts = Object.entries(rows).flatMap(([key, value]) => key.startsWith(MESSAGE_PREFIX) ? [JSON.stringify(value)] : [])
    expect(texts).toHaveLength(devices.reduce((sum, { sent }) => sum + sent, 0))
  })),
  { numRuns: 60 },
))

/** A client of the protocol at its smallest: confirmed rows, and mutations until they are confirmed. */
interface Device { group: string, rows: Map<string, Json>, cookie: Cookie | null, pending: Mutation[], last: number, sent: number }

function device(group: string): Device {
  return { group, rows: new Map(), cookie: null, pending: [], last: 0, sent: 0 }
}

async function act(store: Store, device: Device, action: Action): Promise<void> {
  switch (action) {
    case 'send':
    case 'break': {
      const id = ++device.last
      const text = `${device.group}${id}`
      device.sent += action === 'send' ? 1 : 0
      const name = action === 'send' ? 'sendMessage' : 'nonsense'
      device.pending.push(mutation({ clientID: device.group, id, name, args: { id: text, text } }))
      return
    }
    case 'push':
    case 'push lost': {
      const mutations = action === 'push' ? device.pending : device.pending.slice(0, 1)
      expect(await processPush(store, pushBody({ clientGroupID: device.group, mutations }))).toEqual({})
      return
    }
    case 'pull':
      return receive(device, pullPatch(store, device))
    case 'pull lost':
      pullPatch(store, device)
      return
    case 'poke': {
      const poke = device.cookie && changesAfter(store, device.group, device.cookie)
      if (poke)
        receive(device, poke)
      return
    }
    default:
      return unreachable(action)
  }
}

function pullPatch(store: Store, { group, cookie }: Device): PullPatch {
  const response = pull(store, pullBody({ clientGroupID: group, cookie }), { now: 0 })
  if ('error' in response)
    throw new Error(response.error)
  return response
}

function receive(device: Device, { cookie, lastMutationIDChanges, patch }: PullPatch): void {
  expect(cookie.order).toBeGreaterThanOrEqual(device.cookie?.order ?? 0)
  device.cookie = cookie
  device.pending = device.pending.filter(({ clientID, id }) => id > (lastMutationIDChanges[clientID] ?? 0))
  for (const operation of patch) {
    if (operation.op === 'clear')
      device.rows.clear()
    else if (operation.op === 'put')
      device.rows.set(operation.key, operation.value)
    else
      device.rows.delete(operation.key)
  }
}

async function everything({ rows }: Store): Promise<Record<string, Json>> {
  const found: Record<string, Json> = {}
  for await (const [key, value] of rows.scan(''))
    found[key] = value
  return found
}
