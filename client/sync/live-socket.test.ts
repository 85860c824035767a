import type { LiveDown } from '#shared/protocol/live.ts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'
import { openLiveSocket } from './live-socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The far end of a socket: the test is the network. */
class Wire extends EventTarget {
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

  say(data: string) {
    this.onmessage?.({ data })
  }

  break(code = 1006) {
    this.readyState = WebSocket.CLOSED
    this.onclose?.({ code })
  }
}

function createHarness() {
  const wires: Wire[] = []
  const states: string[] = []
  const frames: LiveDown[] = []
  const socket = openLiveSocket({
    open() {
      const wire = new Wire()
      wires.push(wire)
      return wire as unknown as WebSocket
    },
    now: () => Date.now(),
    chance: () => 1,
    onState: state => void (states.at(-1) !== state && states.push(state)),
    onFrame: frame => void frames.push(frame),
  })
  return { socket, wires, states, frames, wire: () => wires.at(-1) as Wire }
}

test('a connection that breaks comes back, waiting longer each time', () => {
  const { wires, wire, states } = createHarness()
  wire().accept()
  wire().break()
  vi.advanceTimersByTime(299)
  expect(wires).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(wires).toHaveLength(2)
  wire().break()
  vi.advanceTimersByTime(599)
  expect(wires).toHaveLength(2)
  vi.advanceTimersByTime(1)
  wire().accept()
  expect([wires.length, states]).toEqual([3, ['connecting', 'live', 'offline', 'live']])
})

test('a connection that answers its pings stays', () => {
  const { wires, wire, states } = createHarness()
  wire().accept()
  for (let i = 0; i < 10; i += 1) {
    vi.advanceTimersByTime(6_000)
    wire().say('pong')
  }
  expect(wire().sent).toEqual(Array.from({ length: 10 }).fill('ping'))
  expect([wires.length, states.at(-1)]).toEqual([1, 'live'])
})

test('a connection that is silent is dead, though it never says so', () => {
  const { wires, wire, states } = createHarness()
  wire().accept()
  vi.advanceTimersByTime(20_000)
  expect(states.at(-1)).toBe('offline')
  vi.advanceTimersByTime(300)
  expect(wires).toHaveLength(2)
})

test('waking up tries at once', () => {
  const { socket, wires, wire } = createHarness()
  wire().break()
  socket.wake()
  expect(wires).toHaveLength(2)
})

test('a late word of an old connection is ignored', () => {
  const { wires, wire, frames, states } = createHarness()
  wire().accept()
  wire().break()
  vi.advanceTimersByTime(300)
  wires[0]?.say(JSON.stringify({ type: 'changed' }))
  wires[0]?.break()
  wire().accept()
  expect([frames, states.at(-1)]).toEqual([[], 'live'])
})

test.each([
  ['unpaired', CLOSE.unauthorized, 'unauthorized'],
  ['too old', CLOSE.version, 'outdated'],
])('a device that is %s does not come back by itself', (_, code, state) => {
  const { socket, wires, wire, states } = createHarness()
  wire().accept()
  wire().break(code)
  socket.wake()
  vi.advanceTimersByTime(60_000)
  expect([wires.length, states.at(-1)]).toEqual([1, state])
})

test('a frame it cannot read becomes a pull', () => {
  const { wire, frames } = createHarness()
  wire().accept()
  wire().say('{"type":"from-the-future"}')
  wire().say('not json')
  expect(frames).toEqual([{ type: 'changed' }, { type: 'changed' }])
})

test('a frame that came in parts is one, and a lost part makes a new connection', () => {
  const { wires, wire, frames } = createHarness()
  const parts = toParts(JSON.stringify({ type: 'text', key: 'k', offset: 0, text: 'x'.repeat(100_000) }), 1)
  wire().accept()
  parts.forEach(part => wire().say(part))
  expect(frames).toMatchObject([{ type: 'text', key: 'k' }])
  wire().say(parts[1] ?? '')
  vi.advanceTimersByTime(300)
  expect(wires).toHaveLength(2)
})

test('nothing is sent without a connection', () => {
  const { socket, wire } = createHarness()
  const frame = { type: 'pull', request: 1, body: { pullVersion: 1, schemaVersion: '1', profileID: 'p', clientGroupID: 'g', cookie: null } } as const
  expect(socket.send(frame)).toBe(false)
  wire().accept()
  expect(socket.send(frame)).toBe(true)
})

test('closed is closed', () => {
  const { socket, wires, wire } = createHarness()
  wire().accept()
  socket.close()
  vi.advanceTimersByTime(60_000)
  expect(wires).toHaveLength(1)
})
