import { CLOSE } from '#shared/protocol/live.ts'

/** Three pings of a device, which sends one every 6 s: without them its connection is dead, though still open. */
export const DEVICE_IDLE_TIMEOUT_MS = 18_000

export interface IdleTimeoutDeps {
  sockets: () => WebSocket[]
  /** `ctx.getWebSocketAutoResponseTimestamp`: pings are answered by the platform, so nothing else sees them. */
  lastPing: (ws: WebSocket) => Date | null
  /** The time of its last frame, or of its accept; it must survive the object's sleep. ms since the epoch. */
  heardAt: (ws: WebSocket) => number
  timeoutMs: number
  now: () => number
}

export interface IdleTimeout {
  /** The time at which the first idle socket must be closed, ms since the epoch; null without sockets. */
  due: () => number | null
  /** Closes the idle sockets. */
  fire: () => void
}

/** Closes half-open connections, and those of clients that never ping. */
export function createIdleTimeout({ sockets, lastPing, heardAt, timeoutMs, now }: IdleTimeoutDeps): IdleTimeout {
  const idleAt = (ws: WebSocket) => Math.max(heardAt(ws), lastPing(ws)?.getTime() ?? 0) + timeoutMs
  const open = () => sockets().filter(ws => ws.readyState === WebSocket.OPEN)

  return {
    due: () => open().reduce<number | null>((first, ws) => Math.min(first ?? Infinity, idleAt(ws)), null),
    fire() {
      for (const ws of open()) {
        if (idleAt(ws) <= now())
          ws.close(CLOSE.idle, `Nothing was heard for ${timeoutMs / 1000} s.`)
      }
    },
  }
}
