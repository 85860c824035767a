import { expect, test } from 'vitest'
import { CLOSE } from '#shared/protocol/live.ts'
import { createIdleTimeout, IDLE_TIMEOUT_MS } from './idle-timeout.ts'

/** A timeout over fake open sockets, each with a name and a last ping. */
function harness(pings: Record<string, number | null>) {
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
    now: () => clock.now,
  })
  return { idleTimeout, clock, closed, socket: (n: number) => sockets[n] as unknown as WebSocket }
}

test('nothing is due without sockets', () => {
  expect(harness({}).idleTimeout.due()).toBeNull()
})

test('a socket that pings stays open, and one that does not is closed within 20 s', () => {
  const pings = { lives: 1_000_000, dead: 1_000_000 }
  const { idleTimeout, clock, closed } = harness(pings)
  expect(idleTimeout.due()).toBe(1_000_000 + IDLE_TIMEOUT_MS)
  clock.now = pings.lives = 1_000_000 + IDLE_TIMEOUT_MS
  idleTimeout.fire()
  expect(closed).toEqual([`dead ${CLOSE.idle}`])
  expect(idleTimeout.due()).toBe(clock.now + IDLE_TIMEOUT_MS)
  expect(IDLE_TIMEOUT_MS).toBeLessThan(20_000)
})

test('a socket without pings counts from its last frame, or from when it was first seen', () => {
  const { idleTimeout, clock, closed, socket } = harness({ speaks: null, new: null })
  idleTimeout.touch(socket(0))
  idleTimeout.due()
  clock.now += IDLE_TIMEOUT_MS - 1
  idleTimeout.touch(socket(0))
  clock.now += 1
  idleTimeout.fire()
  expect(closed).toEqual([`new ${CLOSE.idle}`])
})
