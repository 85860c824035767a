import type { LiveDown, LiveUp } from '#shared/protocol/live.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import { parseJson } from '#shared/lib/parse-json.ts'
import { CLOSE, liveDown, PING, PONG } from '#shared/protocol/live.ts'
import { createPartsJoiner, toParts } from '#shared/protocol/parts.ts'
import { retryDelay } from '../lib/retry-delay.ts'

/** The edge takes a connection for dead after three of them went missing. */
const PING_EVERY_MS = 6_000
/** Two pings without an answer; looked at with every ping, so that a dead connection is seen within 20 s. */
const IDLE_TIMEOUT_MS = 13_000

/** A pull of everything a device starts with is below it many times over. Characters. */
const MAX_FRAME_LENGTH = 32_000_000

/** A frame as it was before it travelled in parts. */
export type LiveFrame = Exclude<LiveDown, { type: 'part' }>

export interface LiveSocketDeps {
  open: () => WebSocket
  /** ms, only compared with itself. */
  now: () => number
  chance: () => number
  onState: (state: ConnectionState) => void
  onFrame: (frame: LiveFrame) => void
}

export interface LiveSocket {
  /** False when there is no connection; nothing is kept for later. */
  send: (frame: LiveUp) => boolean
  /** A bare word. */
  sendText: (word: string) => boolean
  /**
   * The device woke up or says it is online: do not wait for
   * the backoff, and do not trust a connection that was silent.
   */
  wake: () => void
  close: () => void
}

/** One socket that comes back by itself until it is closed or told not to. */
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
    const mine = deps.open()
    socket = mine
    join = createPartsJoiner(MAX_FRAME_LENGTH)
    receivedAt = deps.now()
    mine.onopen = () => {
      if (mine !== socket)
        return
      failures = 0
      receivedAt = deps.now()
      deps.onState('live')
    }
    mine.onmessage = ({ data }) => {
      if (mine !== socket)
        return
      receivedAt = deps.now()
      if (data !== PONG)
        receive(String(data))
    }
    mine.onclose = ({ code }) => {
      if (mine === socket)
        lost(code)
    }
  }

  function receive(data: string) {
    const frame = liveDown.safeParse(parseJson(data))
    if (!frame.success)
      // A frame of an edge newer than this page: the next pull repairs what it would have changed.
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
      // What was lost may be an answer; a new connection asks again.
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

  /** A dead connection may never report its close, so nothing waits for it. */
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
