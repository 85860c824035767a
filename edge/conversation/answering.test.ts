import type { ClaudeMessage } from '#shared/model/message.ts'
import type { LiveDown } from '#shared/protocol/live.ts'
import type { PatchOperation } from '#shared/protocol/replicache.ts'
import type { LiveSocket } from '../testing/harness.ts'
import { abortAllDurableObjects } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { isFrame, mutation, openLive, pairDevice, pullBody, pushBody } from '../testing/harness.ts'

type Poke = Extract<LiveDown, { type: 'poke' }>

test('a message sent on one device is answered live on another', async () => {
  const cookie = await pairDevice()
  const [a, b] = [await follow(cookie, 'a'), await follow(cookie, 'b')]
  a.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [mutation({ clientID: 'a', args: { id: 'm1', text: 'Hello?' } })] }) })

  const first = await b.next(isFrame('text'))
  expect(first.offset).toBe(0)
  const reply = await finished(b)
  expect(reply.text).toContain('demo model')
  expect(reply.text.startsWith(first.text)).toBe(true)
})

test('an object that dies in the middle of a reply goes on when it wakes', async () => {
  const cookie = await pairDevice()
  const before = await follow(cookie, 'c')
  before.send({
    type: 'push',
    request: 2,
    body: pushBody({ clientGroupID: 'c', mutations: [mutation({ clientID: 'c', args: { id: 'm2', text: 'Hello again?' } })] }),
  })
  const cut = await before.next(isFrame('text'))
  await abortAllDurableObjects()

  // This socket gets the reply from its beginning, because its connection wakes the object.
  const after = await openLive(cookie)
  after.send({ type: 'pull', request: 1, body: pullBody({ clientGroupID: 'd' }) })
  const resumed = await after.next(isFrame('text'))
  expect(resumed).toMatchObject({ key: cut.key, offset: 0 })
  expect((await finished(after)).text).toContain('demo model')
})

/** Opens a socket and subscribes it with a pull. */
async function follow(cookie: string, clientGroupID: string): Promise<LiveSocket> {
  const socket = await openLive(cookie)
  socket.send({ type: 'pull', request: 1, body: pullBody({ clientGroupID }) })
  await socket.next(isFrame('pulled'))
  return socket
}

/** Waits for the next reply that is done. */
async function finished(socket: LiveSocket): Promise<ClaudeMessage> {
  const poke = await socket.next((frame): frame is Poke => frame.type === 'poke' && frame.pull.patch.some(isFinished))
  const [operation] = poke.pull.patch.filter(isFinished)
  return operation?.value as ClaudeMessage
}

function isFinished(operation: PatchOperation): operation is Extract<PatchOperation, { op: 'put' }> {
  return operation.op === 'put' && operation.key.startsWith('message/') && (operation.value as ClaudeMessage).state === 'done'
}
