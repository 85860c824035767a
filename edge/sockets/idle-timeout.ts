import { CLOSE } from '#shared/protocol/live.ts'

/** Three pings of a device, which sends one every 6 s: without them its connection is dead, though still open. */
export const IDLE_TIMEOUT_MS = 18_000

export interface IdleTimeoutDeps {
  sockets: () => WebSocket[]
  /** `ctx.getWebSocketAutoResponseTimestamp`: pings are answered by the platform, so nothing else sees them. */
  lastPing: (ws: WebSocket) => Date | null
  now: () => number
}

export interface IdleTimeout {
  touch: (ws: WebSocket) => void
  /** The time at which the first idle socket must be closed, ms since the epoch; null without sockets. */
  due: () => number | null
  /** Closes the idle sockets. */
  fire: () => void
}

/** Closes half-open connections. After a sleep, a socket that has not pinged counts from the object's wake-up. */
export function createIdleTimeout({ sockets, lastPing, now }: IdleTimeoutDeps): IdleTimeout {
  const frames = new WeakMap<WebSocket, number>()

  function lastSeenAt(ws: WebSocket): number {
    const frame = frames.get(ws)
    const ping = lastPing(ws)?.getTime()
    if (frame === undefined && ping === undefined)
      frames.set(ws, now())
    return Math.max(frame ?? 0, ping ?? 0) || now()
  }

  return {
    touch: ws => void frames.set(ws, now()),
    due: () =>
      sockets()
        .filter(isOpen)
        .reduce<number | null>((first, ws) => Math.min(first ?? Infinity, lastSeenAt(ws) + IDLE_TIMEOUT_MS), null),
    fire() {
      for (const ws of sockets().filter(isOpen)) {
        if (lastSeenAt(ws) + IDLE_TIMEOUT_MS <= now())
          ws.close(CLOSE.idle, `Nothing was heard for ${IDLE_TIMEOUT_MS / 1000} s.`)
      }
    },
  }
}

function isOpen(ws: WebSocket): boolean {
  return ws.readyState === WebSocket.OPEN
}
