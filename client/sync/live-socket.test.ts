import type { LiveDown } from '#shared/protocol/live.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'
import { openLiveSocket } from './live-socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A WebSocket without a network: the test opens it, receives on it and breaks it. */
class FakeWebSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING
  sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  send(data: string) {
    this.sent.push(data)
  }

  close() {
    this.readyState = WebSocket.CLOSED
  }

  accept() {
    this.readyState = WebSocket.OPEN
    this.onopen?.()
  }

  receive(data: string) {
    this.onmessage?.({ data })
  }

  break(code = 1006) {
    this.readyState = WebSocket.CLOSED
    this.onclose?.({ code })
  }
}

function createHarness() {
  const sockets: FakeWebSocket[] = []
  const states: string[] = []
  const frames: LiveDown[] = []
  const socket = openLiveSocket({
    open() {
      const fake = new FakeWebSocket()
      sockets.push(fake)
      return fake as unknown as WebSocket
    },
    now: () => Date.now(),
    chance: () => 1,
    onState: state => void (states.at(-1) !== state && states.push(state)),
    onFrame: frame => void frames.push(frame),
  })
  return { socket, sockets, states, frames, newest: () => sockets.at(-1) as FakeWebSocket }
}

test('a lost connection is opened again with a growing backoff', () => {
  const { sockets, newest, states } = createHarness()
  newest().accept()
  newest().break()
  vi.advanceTimersByTime(299)
  expect(sockets).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sockets).toHaveLength(2)
  newest().break()
  vi.advanceTimersByTime(599)
  expect(sockets).toHaveLength(2)
  vi.advanceTimersByTime(1)
  newest().accept()
  expect([sockets.length, states]).toEqual([3, ['connecting', 'live', 'offline', 'live']])
})

test('a connection that answers its pings stays open', () => {
  const { sockets, newest, states } = createHarness()
  newest().accept()
  for (let i = 0; i < 10; i += 1) {
    vi.advanceTimersByTime(6_000)
    newest().receive('pong')
  }
  expect(newest().sent).toEqual(Array.from({ length: 10 }).fill('ping'))
  expect([sockets.length, states.at(-1)]).toEqual([1, 'live'])
})

test('a connection without pongs counts as lost after the idle timeout', () => {
  const { sockets, newest, states } = createHarness()
  newest().accept()
  vi.advanceTimersByTime(20_000)
  expect(states.at(-1)).toBe('offline')
  vi.advanceTimersByTime(300)
  expect(sockets).toHaveLength(2)
})

test('a device that wakes up connects at once', () => {
  const { socket, sockets, newest } = createHarness()
  newest().break()
  socket.wake()
  expect(sockets).toHaveLength(2)
})

test('late events of an old connection are ignored', () => {
  const { sockets, newest, frames, states } = createHarness()
  newest().accept()
  newest().break()
  vi.advanceTimersByTime(300)
  sockets[0]?.receive(JSON.stringify({ type: 'changed' }))
  sockets[0]?.break()
  newest().accept()
  expect([frames, states.at(-1)]).toEqual([[], 'live'])
})

test.each([
  ['revoked', CLOSE.unauthorized, 'unauthorized'],
  ['too old', CLOSE.version, 'outdated'],
])('a device that is %s does not reconnect', (_, code, state) => {
  const { socket, sockets, newest, states } = createHarness()
  newest().accept()
  newest().break(code)
  socket.wake()
  vi.advanceTimersByTime(60_000)
  expect([sockets.length, states.at(-1)]).toEqual([1, state])
})

test('an unreadable frame becomes a pull', () => {
  const { newest, frames } = createHarness()
  newest().accept()
  newest().receive('{"type":"from-the-future"}')
  newest().receive('not json')
  expect(frames).toEqual([{ type: 'changed' }, { type: 'changed' }])
})

test('a frame in parts is joined, and a lost part opens a new connection', () => {
  const { sockets, newest, frames } = createHarness()
  const parts = toParts(JSON.stringify({ type: 'text', key: 'k', offset: 0, text: 'x'.repeat(100_000) }), 1)
  newest().accept()
  parts.forEach(part => newest().receive(part))
  expect(frames).toMatchObject([{ type: 'text', key: 'k' }])
  newest().receive(parts[1] ?? '')
  vi.advanceTimersByTime(300)
  expect(sockets).toHaveLength(2)
})

test('nothing is sent without a connection', () => {
  const { socket, newest } = createHarness()
  const body = { pullVersion: 1, schemaVersion: '1', profileID: 'p', clientGroupID: 'g', cookie: null } as const
  const frame = { type: 'pull', request: 1, body } as const
  expect(socket.send(frame)).toBe(false)
  newest().accept()
  expect(socket.send(frame)).toBe(true)
})

test('a closed socket does not reconnect', () => {
  const { socket, sockets, newest } = createHarness()
  newest().accept()
  socket.close()
  vi.advanceTimersByTime(60_000)
  expect(sockets).toHaveLength(1)
})
