import type { ServerSocket } from 'cloudflare:workers'
import { PING, PONG } from '#shared/protocol/live.ts'

/** What happens to a frame on its way. */
export type Fault = 'none' | 'twice' | 'later'

/** A frame that comes later comes after the next one, or after this. ms. */
const LATER_MS = 4

export interface Network {
  connect: () => WebSocket
  /** Every link dies without a word. */
  cut: () => void
  /** Cut, and nothing connects until it is up again. */
  down: () => void
  up: () => void
  /** Faults until here. */
  calm: () => void
}

/** A device's way to the edge, and everything that goes wrong on it. */
export function createNetwork({ dial, faults }: { dial: () => Promise<ServerSocket>, faults: readonly Fault[] }): Network {
  const lines = new Set<() => void>()
  let isUp = true
  let calm = false
  let frames = 0

  function fault(data: string): Fault {
    if (calm || data === PING || data === PONG)
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
      // A socket says nothing before whoever made it can listen.
      await Promise.resolve()
      // Also where the object was just killed: its name leads to the next one.
      const opened = isUp ? await dial().catch(() => null) : null
      if (!opened || line.readyState === WebSocket.CLOSED)
        return end(1006)
      socket = opened
      line.send = through(data => line.readyState === WebSocket.OPEN && opened.send(data))
      const deliver = through(data => line.readyState === WebSocket.OPEN && line.onmessage({ data }))
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

  function through(forward: (data: string) => void): (data: string) => void {
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
    calm: () => void (calm = true),
  }
}
