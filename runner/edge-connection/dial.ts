import type { RunnerDown } from '#shared/protocol/runner.ts'
import WebSocket from 'ws'
import { parseJson } from '#shared/lib/parse-json.ts'
import { CLOSE, PING, PONG } from '#shared/protocol/live.ts'
import { runnerDown } from '#shared/protocol/runner.ts'

/** After this the socket is destroyed: an edge that does not answer the close must not keep the runner alive. */
const CLOSE_TIMEOUT_MS = 1000

export interface DialOptions {
  url: string
  token: string
  /** Called when the socket is open; `send` takes JSON text. */
  opened: (send: (text: string) => void) => void
  received: (frame: RunnerDown) => void
  /** A ping goes out every `pingMs`; after `idleTimeoutMs` without any frame the connection counts as half-open. */
  timing: { pingMs: number, idleTimeoutMs: number }
}

export interface ConnectionEnd {
  kind: 'lost' | 'unauthorized' | 'version' | 'superseded'
  /** The end of a sentence that begins with "The connection". */
  why: string
}

/** Connects to the edge and resolves with the end of the connection. Never rejects. */
export function dial(
  { url, token, opened, received, timing }: DialOptions,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const { promise, resolve } = Promise.withResolvers<ConnectionEnd>()
  const ws = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: timing.idleTimeoutMs,
  })
  let ending: ConnectionEnd | null = null
  let closing: NodeJS.Timeout | undefined

  const end = (cause: ConnectionEnd) => {
    ending ??= cause
    ws.terminate()
  }
  const pinging = setInterval(() => ws.readyState === WebSocket.OPEN && ws.send(PING), timing.pingMs)
  const idleTimer = setTimeout(end, timing.idleTimeoutMs, {
    kind: 'lost',
    why: `heard nothing for ${timing.idleTimeoutMs / 1000} s`,
  })
  const stop = () => {
    ending ??= { kind: 'lost', why: 'was closed by the runner' }
    ws.close(1000)
    closing = setTimeout(end, CLOSE_TIMEOUT_MS, ending)
  }
  signal.addEventListener('abort', stop)

  ws.on('open', () => opened(text => ws.send(text)))
  ws.on('message', (data) => {
    idleTimer.refresh()
    const text = String(data)
    if (text === PONG)
      return
    const parsed = parseFrame(text)
    if (parsed)
      received(parsed)
    else end({ kind: 'lost', why: 'got a frame that this runner does not understand' })
  })
  ws.on('unexpected-response', (_, response) => {
    const { statusCode } = response
    response.resume()
    end({ kind: statusCode === 401 ? 'unauthorized' : 'lost', why: `was answered with ${statusCode}` })
  })
  // Every error is followed by `close`.
  ws.on('error', (error) => {
    ending ??= { kind: 'lost', why: `failed: ${reason(error)}` }
  })
  ws.on('close', (code, reason) => {
    clearInterval(pinging)
    clearTimeout(idleTimer)
    clearTimeout(closing)
    signal.removeEventListener('abort', stop)
    resolve(ending ?? closedWith(code, String(reason)))
  })
  if (signal.aborted)
    stop()
  return promise
}

function closedWith(code: number, reason: string): ConnectionEnd {
  const why = `was closed with ${code}${reason ? `: ${reason}` : ''}`
  switch (code) {
    case CLOSE.superseded: return { kind: 'superseded', why }
    case CLOSE.unauthorized: return { kind: 'unauthorized', why }
    case CLOSE.version: return { kind: 'version', why }
    // After any other code the runner reconnects.
    default: return { kind: 'lost', why }
  }
}

/** For a name with two addresses Node's error has an empty message, but a code. */
function reason(error: Error): string {
  return error.message || ('code' in error ? String(error.code) : 'no connection')
}

function parseFrame(text: string): RunnerDown | null {
  // Text that is no JSON and JSON that is no frame mean the same: the other end does not speak this protocol.
  return runnerDown.safeParse(parseJson(text)).data ?? null
}
