import type { LiveDown, LiveRequest } from '#shared/protocol/live.ts'
import type { Joined, Part } from '#shared/protocol/parts.ts'
import type { PullBody, PullResponse, PushBody, PushResponse } from '#shared/protocol/replicache.ts'
import type { SendFrame } from '../sockets/send-frame.ts'
import type { Store } from '../store/store.ts'
import type { Pokes } from './pokes.ts'
import type { PushOptions } from './process-mutation.ts'
import type { PullOptions } from './pull.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { CLOSE, LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { createPartsJoiner } from '#shared/protocol/parts.ts'
import { logFailure } from '../http/log-failure.ts'
import { attachDevice, deviceHeard, takePresence, writeSubscription } from '../sockets/device-socket.ts'
import { createRateLimit } from '../sockets/rate-limit.ts'
import { olderMessages } from './older-messages.ts'
import { processPush } from './process-push.ts'
import { pull } from './pull.ts'
import { MAX_JOINED_LENGTH, readLiveFrame } from './read-live-frame.ts'

export interface Live {
  connect: (ws: WebSocket, protocol: string | null) => void
  message: (ws: WebSocket, data: string | ArrayBuffer) => Promise<void>
  /** `from` is the socket it came on; a push over HTTP has none. */
  push: (body: PushBody, options?: PushOptions, from?: WebSocket) => Promise<PushResponse>
  pull: (body: PullBody, options?: Omit<PullOptions, 'now'>) => PullResponse
}

export interface LiveDeps {
  store: Store
  /** The devices' sockets. */
  sockets: () => WebSocket[]
  pokes: Pokes
  send: SendFrame
  now: () => number
}

/** The parts of a frame and the rate of one socket. Lost when the object sleeps; the device then sends again. */
interface Session { join: (part: Part) => Joined, allow: () => boolean }

/** More tabs than a person opens. Limited because each may hold a frame in memory. */
const MAX_SOCKETS = 32

/** Serves push and pull, on a device's socket and over HTTP, and history pages. */
export function createLive({ store, sockets, pokes, send, now }: LiveDeps): Live {
  const sessions = new WeakMap<WebSocket, Session>()

  const live: Live = {
    connect(ws, protocol) {
      attachDevice(ws, now())
      // Accepted before it is closed, because a browser shows no reason for a refused upgrade.
      if (protocol !== String(LIVE_PROTOCOL_VERSION))
        ws.close(CLOSE.version, 'Another version of the app is needed. Reload it.')
      else if (sockets().length > MAX_SOCKETS)
        ws.close(CLOSE.flood, `More than ${MAX_SOCKETS} windows are connected. Close one.`)
    },
    async message(ws, data) {
      deviceHeard(ws, now())
      const session = sessionOf(ws)
      if (!session.allow())
        return ws.close(CLOSE.flood, 'This device sends more than can be served. It may come back later.')
      if (takePresence(ws, data))
        return
      const read = readLiveFrame(data, session.join)
      if (read.kind === 'request')
        await answer(ws, read.request)
      else if (read.kind === 'answer')
        send(ws, read.answer)
    },
    push: (body, options, from) => pokes.batch(() => processPush(store, body, options), from),
    pull: (body, options) => pull(store, body, { now: now(), ...options }),
  }

  function sessionOf(ws: WebSocket): Session {
    const session = sessions.get(ws) ?? { join: createPartsJoiner(MAX_JOINED_LENGTH), allow: createRateLimit(now) }
    sessions.set(ws, session)
    return session
  }

  async function answer(ws: WebSocket, request: LiveRequest): Promise<void> {
    try {
      send(ws, await serve(ws, request))
    }
    catch (error) {
      logFailure('a frame', error)
      send(ws, {
        type: 'error',
        request: request.request,
        message: 'Something went wrong on our side. It was logged.',
        retry: true,
      })
    }
  }

  function serve(ws: WebSocket, frame: LiveRequest): LiveDown | Promise<LiveDown | string> {
    const { request } = frame
    switch (frame.type) {
      case 'push':
        return live
          .push(frame.body, { rescue: frame.rescue ?? false }, ws)
          .then(response => pushed(request, response, pokes.takeHeld(ws)))
      case 'pull': {
        // There is no await between the pull and the subscription, so that no commit falls in between.
        const response = live.pull(frame.body, { backfill: frame.backfill ?? false })
        if (!frame.recovery) {
          const { clientGroupID } = frame.body
          writeSubscription(ws, 'error' in response ? null : { clientGroupID, cookie: response.cookie })
        }
        return { type: 'pulled', request, response }
      }
      case 'history':
        return { type: 'history', request, ...olderMessages(store.sql, { before: frame.before }) }
      default:
        return unreachable(frame)
    }
  }

  return live
}

function pushed(request: number, response: PushResponse, pokeMembers: string | null): LiveDown | string {
  return pokeMembers === null
    ? { type: 'pushed', request, response }
    : `{"type":"pushed","request":${request},"response":${JSON.stringify(response)},"poke":{${pokeMembers}}}`
}
