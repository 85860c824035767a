import type { PatchOperation } from '#shared/protocol/replicache.ts'
import type { LiveSocket } from './testing/harness.ts'
import { abortAllDurableObjects, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { pullPatch } from '#shared/protocol/replicache.ts'
import { isFrame, mainloop, openLive, pairDevice, post, pullBody, pushBody } from './testing/harness.ts'

afterEach(() => reset())

test('a message is answered, and the outbox is empty', async () => {
  const cookie = await pairDevice()
  const ws = await subscribe(cookie)
  await post('/api/push', pushBody(), cookie)
  await answered(ws)
  await runInDurableObject(mainloop(), (_, { storage }) => {
    expect(storage.sql.exec('SELECT * FROM outbox').toArray()).toEqual([])
  })
})

test('the alarm completes a reply that was interrupted by the end of the object', async () => {
  const cookie = await pairDevice()
  await post('/api/push', pushBody(), cookie)
  await abortAllDurableObjects()
  // The alarm was set by the ended object, and nothing else wakes the next one.
  expect(await runDurableObjectAlarm(mainloop())).toBe(true)
  await answered(await subscribe(cookie))
})

test('a request completes a reply that was interrupted by the end of the object', async () => {
  const cookie = await pairDevice()
  await post('/api/push', pushBody(), cookie)
  await abortAllDurableObjects()
  await answered(await subscribe(cookie))
})

test('an alarm does not disturb a reply in progress', async () => {
  const cookie = await pairDevice()
  const ws = await subscribe(cookie)
  await post('/api/push', pushBody(), cookie)
  await runDurableObjectAlarm(mainloop())
  await answered(ws)
  await runInDurableObject(mainloop(), (_, { storage }) => {
    expect(storage.sql.exec('SELECT COUNT(*) AS n FROM turns').one().n).toBe(1)
  })
})

interface Subscriber { ws: LiveSocket, rows: Map<string, unknown> }

async function subscribe(cookie: string): Promise<Subscriber> {
  const ws = await openLive(cookie)
  ws.send({ type: 'pull', request: 1, body: pullBody({ clientGroupID: 'watcher' }) })
  const { response } = await ws.next(isFrame('pulled'))
  const rows = new Map<string, unknown>()
  pullPatch.parse(response).patch.forEach(operation => apply(rows, operation))
  return { ws, rows }
}

/** Waits until the turn is idle and the reply to the first message is complete. */
async function answered({ ws, rows }: Subscriber): Promise<void> {
  while (!matches(rows.get('turn'), 'idle') || !matches(rows.get(messageKey(2)), 'done')) {
    const { pull } = await ws.next(isFrame('poke'))
    pull.patch.forEach(operation => apply(rows, operation))
  }
}

function apply(rows: Map<string, unknown>, operation: PatchOperation): void {
  if (operation.op === 'put')
    rows.set(operation.key, operation.value)
}

function matches(row: unknown, state: string): boolean {
  return typeof row === 'object' && row !== null && 'state' in row && row.state === state
}
