import type { ReadonlyJSONValue, WriteTransaction } from 'replicache'
import { reset } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { Replicache } from 'replicache'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { REFUSAL_PREFIX } from '#shared/model/refusal.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { ORIGIN, pairDevice } from '../testing/harness.ts'

beforeEach(async () => {
  const cookie = await pairDevice()
  // Stands in for a browser: our Worker is its network, and it adds the cookie and the origin to each request.
  vi.stubGlobal('fetch', (input: RequestInfo, init: RequestInit) => {
    const request = new Request(input, init)
    request.headers.set('Cookie', cookie)
    request.headers.set('Origin', ORIGIN)
    return exports.default.fetch(request)
  })
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await reset()
})

test('a stock Replicache sends a message over HTTP, and another one pulls it', async () => {
  const [a, b] = [open('a'), open('b')]
  await b.pull({ now: true })
  await a.mutate.sendMessage({ id: 'm1', text: 'Hello' })
  await synced(a)

  expect(await read(a, messageKey(1))).toMatchObject({ kind: 'person', text: 'Hello' })
  expect(await read(b, messageKey(1))).toBeUndefined()
  await b.pull({ now: true })
  expect(await read(b, messageKey(1))).toMatchObject({ kind: 'person', text: 'Hello' })
})

test('a refused change does not block a stock Replicache', async () => {
  const a = open('a')
  await a.mutate.stopTurn({ turn: 'none' })
  await a.mutate.sendMessage({ id: 'm1', text: 'Hello' })
  await synced(a)

  expect(await read(a, messageKey(1))).toMatchObject({ text: 'Hello' })
  expect(await read(a, `${REFUSAL_PREFIX}${a.clientID}/1`)).toMatchObject({ kind: 'stale' })
  expect(await a.experimentalPendingMutations()).toEqual([])
})

function open(name: string) {
  return new Replicache({
    name,
    kvStore: 'mem',
    schemaVersion: SCHEMA_VERSION,
    pushURL: `${ORIGIN}/api/push`,
    pullURL: `${ORIGIN}/api/pull`,
    pullInterval: null,
    logLevel: 'error',
    mutators: {
      sendMessage: async (_: WriteTransaction, _args: { id: string, text: string }) => {},
      stopTurn: async (_: WriteTransaction, _args: { turn: string }) => {},
    },
  })
}

async function synced(rep: ReturnType<typeof open>): Promise<void> {
  await rep.push({ now: true })
  await rep.pull({ now: true })
}

function read(rep: ReturnType<typeof open>, key: string): Promise<ReadonlyJSONValue | undefined> {
  return rep.query(tx => tx.get(key))
}
