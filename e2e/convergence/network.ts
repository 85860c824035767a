import type { ServerSocket } from 'cloudflare:workers'
import { PING, PONG } from '#shared/protocol/live.ts'

/** The fault of one frame: none, delivered twice, or delivered after the next one. */
export type Fault = 'none' | 'twice' | 'later'

/** The longest delay of a frame with the fault `later`, when no other frame follows. */
const LATER_MS = 4

export interface Network {
  connect: () => WebSocket
  /** Ends every connection without a close frame. */
  cut: () => void
  /** Cuts, and lets nothing connect until `up`. */
  down: () => void
  up: () => void
  stopFaults: () => void
}

/** A device's network to the edge, with its faults. */
export function createNetwork({ dial, faults }: { dial: () => Promise<ServerSocket>, faults: readonly Fault[] }): Network {
  const lines = new Set<() => void>()
  let isUp = true
  let hasFaults = true
  let frames = 0

  function fault(data: string): Fault {
    if (!hasFaults || data === PING || data === PONG)
      return 'none'
    frames += 1
    return faults[frames % faults.length] ?? 'none'
  }

  function connect(): WebSocket {
    const line = {
      readyState: WebSocket.CONNECTING as number,
      onopen: () => {},
      onmessage: (_: { data: string }) => {},
      onclose: (_: { code: number }) => {},
      send: (_: string) => {},
      close: () => end(1000),
    }
    let socket: ServerSocket | null = null
    const die = () => end(1006)
    lines.add(die)

    function end(code: number) {
      if (line.readyState === WebSocket.CLOSED)
        return
      line.readyState = WebSocket.CLOSED
      lines.delete(die)
      socket?.close(1000, 'gone')
      line.onclose({ code })
    }

    async function open() {
      // A socket must emit nothing before its creator can add listeners.
      await Promise.resolve()
      // A dial fails when the object was just killed; the device then dials again and reaches its successor.
      const opened = isUp ? await dial().catch(() => null) : null
      if (!opened || line.readyState === WebSocket.CLOSED)
        return end(1006)
      socket = opened
      line.send = withFaults(data => line.readyState === WebSocket.OPEN && opened.send(data))
      const deliver = withFaults(data => line.readyState === WebSocket.OPEN && line.onmessage({ data }))
      opened.addEventListener('message', event => deliver(String((event as MessageEvent).data)))
      opened.addEventListener('close', event => end((event as CloseEvent).code))
      opened.addEventListener('error', die)
      opened.accept()
      line.readyState = WebSocket.OPEN
      line.onopen()
    }

    void open()
    return line as unknown as WebSocket
  }

  function withFaults(forward: (data: string) => void): (data: string) => void {
    const held: string[] = []
    const flush = () => held.splice(0).forEach(forward)
    return (data) => {
      const what = fault(data)
      if (what === 'later') {
        held.push(data)
        setTimeout(flush, LATER_MS)
        return
      }
      forward(data)
      if (what === 'twice')
        forward(data)
      flush()
    }
  }

  const cut = () => [...lines].forEach(die => die())
  return {
    connect,
    cut,
    down() {
      isUp = false
      cut()
    },
    up: () => void (isUp = true),
    stopFaults: () => void (hasFaults = false),
  }
}
