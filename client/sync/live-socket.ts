import type { LiveDown, LiveUp } from '#shared/protocol/live.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { CLOSE, liveDown, PING, PONG } from '#shared/protocol/live.ts'
import { createPartsJoiner, toParts } from '#shared/protocol/parts.ts'
import { retryDelay } from '../lib/retry-delay.ts'

/** The edge closes a connection after three missing pings. */
const PING_EVERY_MS = 6_000
/** Two pings without an answer. It is checked with every ping, so a dead connection is noticed within 20 s. */
const IDLE_TIMEOUT_MS = 13_000

/** In characters; many times the first pull of a new device. */
const MAX_FRAME_LENGTH = 32_000_000

/** A whole frame, joined from its parts. */
export type LiveFrame = Exclude<LiveDown, { type: 'part' }>

export interface LiveSocketDeps {
  open: () => WebSocket
  /** Monotonic time in ms. */
  now: () => number
  chance: () => number
  onState: (state: ConnectionState) => void
  onFrame: (frame: LiveFrame) => void
}

export interface LiveSocket {
  /** False when there is no connection; the frame is dropped. */
  send: (frame: LiveUp) => boolean
  /** Sends a plain text frame, such as `here`. */
  sendText: (word: string) => boolean
  /**
   * Call it when the device woke up or is online: it skips
   * the backoff, and checks an open connection for silence.
   */
  wake: () => void
  close: () => void
}

/** A WebSocket that reconnects until it is closed, the device is revoked or its version is too old. */
export function openLiveSocket(deps: LiveSocketDeps): LiveSocket {
  let socket: WebSocket | null = null
  let failures = 0
  let receivedAt = 0
  let closed = false
  let frames = 0
  let join = createPartsJoiner(MAX_FRAME_LENGTH)
  let retry: ReturnType<typeof setTimeout> | undefined
  const pings = setInterval(ping, PING_EVERY_MS)

  connect()
  return { send, sendText, wake, close }

  function connect() {
    clearTimeout(retry)
    deps.onState(failures === 0 ? 'connecting' : 'offline')
    const opened = deps.open()
    socket = opened
    join = createPartsJoiner(MAX_FRAME_LENGTH)
    receivedAt = deps.now()
    opened.onopen = () => {
      if (opened !== socket)
        return
      failures = 0
      receivedAt = deps.now()
      deps.onState('live')
    }
    opened.onmessage = ({ data }) => {
      if (opened !== socket)
        return
      receivedAt = deps.now()
      if (data !== PONG)
        receive(String(data))
    }
    opened.onclose = ({ code }) => {
      if (opened === socket)
        lost(code)
    }
  }

  function receive(data: string) {
    const frame = liveDown.safeParse(parseJson(data))
    if (!frame.success)
      // A newer edge sent it; a pull fetches the rows that it would have changed.
      deps.onFrame({ type: 'changed' })
    else if (frame.data.type === 'part')
      receivePart(frame.data)
    else
      deps.onFrame(frame.data)
  }

  function receivePart(part: Parameters<typeof join>[0]) {
    const joined = join(part)
    if (joined.kind === 'whole')
      receive(joined.text)
    else if (joined.kind !== 'more')
      // The lost part may belong to an answer; a new connection repeats the request.
      drop()
  }

  function lost(code: number) {
    socket = null
    if (code === CLOSE.unauthorized || code === CLOSE.version) {
      stop()
      deps.onState(code === CLOSE.version ? 'outdated' : 'unauthorized')
      return
    }
    failures += 1
    deps.onState('offline')
    retry = setTimeout(connect, retryDelay(failures, deps.chance()))
  }

  function ping() {
    if (!socket)
      return
    if (deps.now() - receivedAt > IDLE_TIMEOUT_MS)
      drop()
    else if (socket.readyState === WebSocket.OPEN)
      socket.send(PING)
  }

  /** A dead connection may never fire `close`, so it is handled here at once. */
  function drop() {
    const dead = socket
    lost(0)
    dead?.close()
  }

  function send(frame: LiveUp) {
    frames += 1
    return toParts(JSON.stringify(frame), frames).every(sendText)
  }

  function sendText(text: string) {
    if (socket?.readyState !== WebSocket.OPEN)
      return false
    socket.send(text)
    return true
  }

  function wake() {
    if (closed)
      return
    if (!socket)
      connect()
    else
      ping()
  }

  function stop() {
    closed = true
    clearInterval(pings)
    clearTimeout(retry)
  }

  function close() {
    stop()
    const last = socket
    socket = null
    last?.close()
  }
}
