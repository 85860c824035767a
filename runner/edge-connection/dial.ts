import type { RunnerDown } from '#shared/protocol/runner.ts'
import WebSocket from 'ws'
import { parseJson } from '#shared/lib/parse-json.ts'
import { CLOSE, PING, PONG } from '#shared/protocol/live.ts'
import { createPartsJoiner, toParts } from '#shared/protocol/parts.ts'
import { runnerDown } from '#shared/protocol/runner.ts'

/** After this the socket is destroyed: an edge that does not answer the close must not keep the runner alive. */
const CLOSE_TIMEOUT_MS = 1000

/**
 * The desired tasks of a person with hundreds of long ones fit; a runner's memory does too. More is an error of the
 * edge. Characters.
 */
const MAX_EDGE_FRAME_LENGTH = 128_000_000

export type EdgeFrame = Exclude<RunnerDown, { type: 'part' }>

export interface DialOptions {
  url: string
  token: string
  /** Called when the socket is open; `send` takes JSON text of any length. */
  opened: (send: (text: string) => void) => void
  received: (frame: EdgeFrame) => void
  /** A ping goes out every `pingMs`; after `idleTimeoutMs` without any frame the connection counts as half-open. */
  timing: { pingMs: number, idleTimeoutMs: number }
}

export interface ConnectionEnd {
  /**
   * `fault`: the edge did not take a frame of ours, so sending it again at once would end the same way.
   * `foreign`: the edge sent a frame that is none of this protocol.
   */
  kind: 'lost' | 'unauthorized' | 'version' | 'superseded' | 'fault' | 'foreign'
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

  let frames = 0
  const join = createPartsJoiner(MAX_EDGE_FRAME_LENGTH)
  ws.on('open', () => opened((text) => {
    frames += 1
    toParts(text, frames).forEach(part => ws.send(part))
  }))
  ws.on('message', (data) => {
    idleTimer.refresh()
    const text = String(data)
    if (text === PONG)
      return
    const parsed = parseFrame(text)
    const outcome = parsed?.type === 'part' ? join(parsed) : null
    if (outcome?.kind === 'more')
      return
    const frame = outcome === null ? parsed : outcome.kind === 'whole' ? parseFrame(outcome.text) : null
    if (frame && frame.type !== 'part')
      received(frame)
    else end({ kind: 'foreign', why: 'got a frame that this runner does not understand' })
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

/** Codes of RFC 6455 §7.4.1, with which the platform closes. */
const MESSAGE_TOO_BIG = 1009
const INTERNAL_ERROR = 1011

function closedWith(code: number, reason: string): ConnectionEnd {
  const why = `was closed with ${code}${reason ? `: ${reason}` : ''}`
  switch (code) {
    case CLOSE.superseded: return { kind: 'superseded', why }
    case CLOSE.unauthorized: return { kind: 'unauthorized', why }
    case CLOSE.version: return { kind: 'version', why }
    case CLOSE.protocol:
    case CLOSE.flood:
    case CLOSE.failed:
    case MESSAGE_TOO_BIG:
    case INTERNAL_ERROR:
      return { kind: 'fault', why }
    // After any other code the runner reconnects at once.
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
