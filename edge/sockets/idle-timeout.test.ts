import { expect, test } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { createIdleTimeout, DEVICE_IDLE_TIMEOUT_MS } from './idle-timeout.ts'

/** A timeout over fake open sockets, each with a name and a last ping; their last frames, or accepts, are in `heard`. */
function harness(pings: Record<string, number | null>, heard: Record<string, number> = {}) {
  const clock = { now: 1_000_000 }
  const closed: string[] = []
  const sockets = Object.keys(pings).map(name => ({
    name,
    readyState: WebSocket.OPEN as number,
    close(code: number) {
      this.readyState = WebSocket.CLOSING
      closed.push(`${name} ${code}`)
    },
  }))
  const idleTimeout = createIdleTimeout({
    sockets: () => sockets as unknown as WebSocket[],
    lastPing: (ws) => {
      const at = pings[(ws as unknown as { name: string }).name]
      return at == null ? null : new Date(at)
    },
    heardAt: ws => heard[(ws as unknown as { name: string }).name] ?? 0,
    timeoutMs: DEVICE_IDLE_TIMEOUT_MS,
    now: () => clock.now,
  })
  return { idleTimeout, clock, closed }
}

test('nothing is due without sockets', () => {
  expect(harness({}).idleTimeout.due()).toBeNull()
})

test('a socket that pings stays open, and one that does not is closed within 20 s', () => {
  const pings = { lives: 1_000_000, dead: 1_000_000 }
  const { idleTimeout, clock, closed } = harness(pings)
  expect(idleTimeout.due()).toBe(1_000_000 + DEVICE_IDLE_TIMEOUT_MS)
  clock.now = pings.lives = 1_000_000 + DEVICE_IDLE_TIMEOUT_MS
  idleTimeout.fire()
  expect(closed).toEqual([`dead ${CLOSE.idle}`])
  expect(idleTimeout.due()).toBe(clock.now + DEVICE_IDLE_TIMEOUT_MS)
  expect(DEVICE_IDLE_TIMEOUT_MS).toBeLessThan(20_000)
})

test('a socket that never pings counts from its last frame or its accept, and is closed', () => {
  const heard = { speaks: 1_000_000, silent: 1_000_000 }
  const { idleTimeout, clock, closed } = harness({ speaks: null, silent: null }, heard)
  expect(idleTimeout.due()).toBe(1_000_000 + DEVICE_IDLE_TIMEOUT_MS)
  clock.now += DEVICE_IDLE_TIMEOUT_MS - 1
  heard.speaks = clock.now
  idleTimeout.fire()
  expect(closed).toEqual([])
  clock.now += 1
  idleTimeout.fire()
  expect(closed).toEqual([`silent ${CLOSE.idle}`])
})
