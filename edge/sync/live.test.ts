import type { LiveDown } from '#shared/protocol/live.ts'
import type { Cookie, PullPatch } from '#shared/protocol/replicache.ts'
import type { LiveSocket } from '../testing/harness.ts'
import { abortAllDurableObjects, evictDurableObject, reset } from 'cloudflare:test'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MAX_FRAME_BYTES, MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { CLOSE, LIVE_PROTOCOL_VERSION, PING, PONG } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { isFrame, mainloop, mutation, openLive, ORIGIN, pairDevice, pullBody, pushBody, request } from '../testing/harness.ts'

afterEach(() => reset())

/** A mutation of an unknown name: it changes exactly one row and starts no reply, so the frames that follow are known. */
const refused = (id: number, clientID = 'a1') => mutation({ id, clientID, name: 'nonsense' })

describe('two devices', () => {
  test('a message on one arrives on the other in one poke with its patch', async () => {
    const [a, b] = await subscribed('a', 'b')
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [mutation({ clientID: 'a1' })] }) })

    const poke = await b.ws.next(isFrame('poke'))
    expect(poke.baseCookie).toEqual(b.cookie)
    expect(poke.pull.lastMutationIDChanges).toEqual({})
    expect(poke.pull.patch).toContainEqual({ op: 'put', key: messageKey(1), value: expect.objectContaining({ kind: 'person', text: 'Hello' }) })
  })

  test('the device that pushed gets its poke within the response', async () => {
    const [a] = await subscribed('a')
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) })
    const { response, poke } = await a.ws.next(isFrame('pushed'))
    expect([response, poke?.baseCookie, poke?.pull.lastMutationIDChanges]).toEqual([{}, a.cookie, { a1: 1 }])
    expect(a.ws.waiting()).toEqual([])
  })

  test('a device that also recovers an earlier client gets the poke of its own changes', async () => {
    const [a] = await subscribed('a')
    await pullOn(a.ws, 'earlier', null, { recovery: true })
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) })
    expect((await a.ws.next(isFrame('pushed'))).poke?.pull.lastMutationIDChanges).toEqual({ a1: 1 })
  })

  test('a push that changes nothing is answered without a poke', async () => {
    const [a] = await subscribed('a')
    const push = { type: 'push' as const, request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) }
    a.ws.send(push)
    await a.ws.next(isFrame('pushed'))
    a.ws.send(push)
    expect(await a.ws.next(isFrame('pushed'))).toEqual({ type: 'pushed', request: 2, response: {} })
  })

  test('many mutations of one push are one poke', async () => {
    const [a, b] = await subscribed('a', 'b')
    const mutations = Array.from({ length: 50 }, (_, n) => refused(n + 1))
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations }) })
    expect((await b.ws.next(isFrame('poke'))).pull.patch).toHaveLength(50)
  })

  test('pokes follow each other without a gap', async () => {
    const [a, b] = await subscribed('a', 'b')
    let { cookie } = b
    for (let id = 1; id <= 20; id++) {
      a.ws.send({ type: 'push', request: id, body: pushBody({ clientGroupID: 'a', mutations: [refused(id)] }) })
      const poke = await b.ws.next(isFrame('poke'))
      expect(poke.baseCookie).toEqual(cookie)
      cookie = poke.pull.cookie
    }
  })

  test('two devices that push at once get the changes of both', async () => {
    const [a, b] = await subscribed('a', 'b')
    const many = (clientID: string) => Array.from({ length: 150 }, (_, n) => refused(n + 1, clientID))
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: many('a1') }) })
    b.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'b', mutations: many('b1') }) })
    for (const [{ ws, cookie }, client] of [[a, 'a1'], [b, 'b1']] as const) {
      const received: PullPatch[] = []
      for (let at = cookie; received.flatMap(({ patch }) => patch).length < 300;) {
        const frame = await ws.next(isPokeOrPushed)
        const poke = frame.type === 'poke' ? frame : must(frame.poke, 'a poke with the answer')
        expect(poke.baseCookie).toEqual(at)
        at = poke.pull.cookie
        received.push(poke.pull)
      }
      expect(received.flatMap(({ patch }) => patch)).toHaveLength(300)
      expect(Object.assign({}, ...received.map(({ lastMutationIDChanges }) => lastMutationIDChanges))).toEqual({ [client]: 150 })
    }
  })

  test('a socket that has not pulled is not poked', async () => {
    const [a] = await subscribed('a')
    const unsubscribed = await openLive(await pairDevice())
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) })
    await a.ws.next(isFrame('pushed'))
    expect(unsubscribed.waiting()).toEqual([])
  })

  test('a patch that is too large for a frame becomes "changed", and the pull brings it', async () => {
    const [a, b] = await subscribed('a', 'b')
    const text = 'a'.repeat(MAX_FRAME_BYTES)
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [{ ...refused(1), name: 'sendMessage', args: { text } }] }) })
    await Promise.all([a, b].map(({ ws }) => ws.next(isFrame('changed'))))
    expect(await a.ws.next(isFrame('pushed'))).toEqual({ type: 'pushed', request: 2, response: {} })
    const { patch, cookie } = await pullOn(b.ws, 'b', b.cookie)
    expect(patch).toEqual([expect.objectContaining({ op: 'put', value: expect.objectContaining({ words: text }) })])

    a.ws.send({ type: 'push', request: 3, body: pushBody({ clientGroupID: 'a', mutations: [refused(2)] }) })
    expect((await b.ws.next(isFrame('poke'))).baseCookie).toEqual(cookie)
  })

  test('the longest message fits', async () => {
    const [a] = await subscribed('a')
    const text = '€'.repeat(MAX_MESSAGE_LENGTH)
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [mutation({ clientID: 'a1', args: { id: 'm', text } })] }) })
    expect((await a.ws.next(isFrame('pushed'))).response).toEqual({})
    const { patch } = await pullOn(a.ws, 'a', a.cookie)
    expect(patch).toContainEqual(expect.objectContaining({ value: expect.objectContaining({ text }) }))
  })
})

describe('a device that sends much', () => {
  test('may send a frame in parts, and is told to repeat it when one is missing', async () => {
    const [a] = await subscribed('a')
    const text = 'a'.repeat(MAX_FRAME_BYTES)
    const parts = toParts(
      JSON.stringify({ type: 'push', request: 7, body: pushBody({ clientGroupID: 'a', mutations: [{ ...refused(1), args: { text } }] }) }),
      1,
    )
    parts.slice(1).forEach(part => a.ws.send(part))
    expect(await a.ws.next(isFrame('error'))).toMatchObject({ request: null, retry: true })
    parts.forEach(part => a.ws.send(part))
    expect(await a.ws.next(isFrame('pushed'))).toMatchObject({ request: 7, response: {} })
  })

  test('cannot make the object hold more than one frame', async () => {
    const [a] = await subscribed('a')
    for (let n = 0; n <= 51; n++)
      a.ws.send({ type: 'part', frame: 1, n, last: false, text: 'a'.repeat(40_000) })
    expect(await a.ws.next(isFrame('error'))).toMatchObject({ request: null, retry: false, message: expect.stringContaining('at most') })
  })

  test('does not keep others waiting: they get pokes while it pushes', async () => {
    const [a, b] = await subscribed('a', 'b')
    const mutations = Array.from({ length: 250 }, (_, n) => refused(n + 1))
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations }) })
    const pokes = [await b.ws.next(isFrame('poke')), await b.ws.next(isFrame('poke')), await b.ws.next(isFrame('poke'))]
    expect(pokes.map(({ pull }) => pull.patch.length)).toEqual([100, 100, 50])
    // Its own device would replay all its pending mutations on each of these pokes.
    expect((await a.ws.next(isFrame('pushed'))).poke?.pull.patch).toHaveLength(250)
  })

  test('cannot open more than 32 sockets', async () => {
    const device = await pairDevice()
    const tabs = []
    for (let n = 0; n <= 32; n++)
      tabs.push(await openLive(device))
    expect(await must(tabs.at(-1), 'the last').closed).toMatchObject({ code: CLOSE.flood, reason: expect.stringContaining('Close one') })
    expect(await pullOn(must(tabs[0], 'the first'), 'a', null)).toMatchObject({ patch: expect.any(Array) })
  })

  test('is closed with a reason when it floods, and the others are served', async () => {
    const [a, b] = await subscribed('a', 'b')
    // The clock stands still, so that a slow machine sends all of it in one moment too.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    onTestFinished(() => void vi.useRealTimers())
    for (let n = 0; n < 2_500; n++)
      a.ws.send('x')
    expect(await a.ws.closed).toMatchObject({ code: CLOSE.flood, reason: expect.stringContaining('more than') })
    expect(await pullOn(b.ws, 'b', b.cookie)).toMatchObject({ patch: [] })
  })
})

test('messages older than the window are read as history pages', async () => {
  const [a] = await subscribed('a')
  const mutations = [1, 2, 3].map(id => mutation({ id, clientID: 'a1', args: { id: `m${id}`, text: `Text ${id}` } }))
  a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations }) })
  await a.ws.next(isFrame('pushed'))
  a.ws.send({ type: 'history', request: 3, before: 3 })
  const { rows, more } = await a.ws.next(isFrame('history'))
  expect([rows.map(({ key }) => key), more]).toEqual([[messageKey(1), messageKey(2)], false])
})

describe('an object that ends', () => {
  test('by eviction still pokes a socket from its cookie on', async () => {
    const [a, b] = await subscribed('a', 'b')
    await evictDurableObject(mainloop())
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) })
    expect((await b.ws.next(isFrame('poke'))).baseCookie).toEqual(b.cookie)
  })

  test('between two mutations keeps the acknowledged one and skips its repeat', async () => {
    const [a] = await subscribed('a')
    a.ws.send({ type: 'push', request: 2, body: pushBody({ clientGroupID: 'a', mutations: [refused(1)] }) })
    await a.ws.next(isFrame('pushed'))
    await abortAllDurableObjects()

    const reconnected = await openLive(await pairDevice())
    reconnected.send({ type: 'push', request: 3, body: pushBody({ clientGroupID: 'a', mutations: [refused(1), refused(2)] }) })
    expect((await reconnected.next(isFrame('pushed'))).response).toEqual({})
    const { patch, lastMutationIDChanges } = await pullOn(reconnected, 'a', a.cookie)
    expect(patch).toHaveLength(2)
    expect(lastMutationIDChanges).toEqual({ a1: 2 })
  })
})

describe('a frame that cannot be served', () => {
  test.each([
    ['not JSON', 'hello', null, 'not JSON'],
    ['not a frame', '{}', null, 'not a frame'],
    ['an unknown type', JSON.stringify({ type: 'drop', request: 7, body: {} }), 7, 'not a frame'],
    ['a push without a body', JSON.stringify({ type: 'push', request: 7 }), 7, 'not a frame'],
    ['a push that is none', JSON.stringify({ type: 'push', request: 7, body: {} }), 7, 'not a push'],
    ['more than the limit', 'a'.repeat(MAX_FRAME_BYTES + 1), null, 'at most'],
  ])('%s is answered with the reason, and the socket goes on', async (_, text, id, reason) => {
    const [a] = await subscribed('a')
    a.ws.send(text)
    expect(await a.ws.next(isFrame('error'))).toEqual({ type: 'error', request: id, message: expect.stringContaining(reason), retry: false })
    expect(await pullOn(a.ws, 'a', a.cookie)).toMatchObject({ patch: [] })
  })

  test.each([
    ['push', { ...pushBody(), pushVersion: 0 }, { error: 'VersionNotSupported', versionType: 'push' }],
    ['push', { ...pushBody(), schemaVersion: String(Number(SCHEMA_VERSION) + 1) }, { error: 'VersionNotSupported', versionType: 'schema' }],
    ['pull', { ...pullBody(), pullVersion: 2 }, { error: 'VersionNotSupported', versionType: 'pull' }],
    ['pull', { ...pullBody(), cookie: 17 }, { error: 'ClientStateNotFound' }],
  ])('a %s of another version is told so in the words of the protocol', async (type, body, response) => {
    const [a] = await subscribed('a')
    a.ws.send(JSON.stringify({ type, request: 7, body }))
    const answer = type === 'push' ? a.ws.next(isFrame('pushed')) : a.ws.next(isFrame('pulled'))
    expect(await answer).toMatchObject({ request: 7, response })
  })

  test('a socket of another version of the live protocol is closed with its code', async () => {
    const ws = await openLive(await pairDevice(), 99)
    expect((await ws.closed).code).toBe(CLOSE.version)
  })
})

test('a ping is answered by the platform', async () => {
  const { webSocket } = await request(`/api/live?protocol=${LIVE_PROTOCOL_VERSION}`, {
    headers: { Upgrade: 'websocket', Origin: ORIGIN, Cookie: await pairDevice() },
  })
  const ws = must(webSocket, 'a socket')
  const answer = new Promise<unknown>(resolve => ws.addEventListener('message', ({ data }) => resolve(data)))
  ws.accept()
  ws.send(PING)
  expect(await answer).toBe(PONG)
})

function isPokeOrPushed(frame: LiveDown): frame is Extract<LiveDown, { type: 'poke' | 'pushed' }> {
  return frame.type === 'poke' || frame.type === 'pushed'
}

interface Subscribed { ws: LiveSocket, cookie: Cookie }

async function subscribed<Groups extends string[]>(...groups: Groups): Promise<{ [I in keyof Groups]: Subscribed }>
async function subscribed(...groups: string[]): Promise<Subscribed[]> {
  const device = await pairDevice()
  return Promise.all(groups.map(async (group) => {
    const ws = await openLive(device)
    const { cookie } = await pullOn(ws, group, null)
    return { ws, cookie }
  }))
}

async function pullOn(ws: LiveSocket, clientGroupID: string, cookie: Cookie | null, options: { recovery?: true } = {}): Promise<PullPatch> {
  ws.send({ type: 'pull', request: 1, body: pullBody({ clientGroupID, cookie }), ...options })
  const { response } = await ws.next(isFrame('pulled'))
  if ('error' in response)
    throw new Error(response.error)
  return response
}
