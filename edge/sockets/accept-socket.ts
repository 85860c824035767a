import { DEPLOYMENT_TOKEN } from '../auth/identity.ts'
import { EdgeError, errorResponse } from '../http/edge-error.ts'
import { findDevice } from '../members/devices.ts'
import { DEVICE_TAG, deviceTag, hashTag, RUNNER_TAG, tokenTag } from '../members/socket-tags.ts'
import { findToken } from '../members/tokens.ts'

export interface AcceptDeps {
  /** `ctx.acceptWebSocket`, which makes the socket survive the object's sleep. */
  accept: (ws: WebSocket, tags: string[]) => void
  /** Called after a socket was accepted, because its timeouts need the alarm. */
  connected: () => void
  /** Called with a device's accepted socket; `protocol` is the version that its app speaks. */
  connectDevice: (ws: WebSocket, protocol: string | null) => void
  connectRunner: (ws: WebSocket) => void
  sql: SqlStorage
  now: () => number
}

/**
 * Accepts a socket whose token the Worker has verified, unless the token was revoked. The check and the acceptance are
 * one step, so that no revocation falls in between.
 */
export function acceptSocket(deps: AcceptDeps, request: Request): Response {
  const { pathname, searchParams } = new URL(request.url)
  const tokenHash = searchParams.get('token') ?? ''
  const { 0: theirs, 1: ours } = new WebSocketPair()
  const accepted
    = pathname === '/runner'
      ? acceptRunner(deps, ours, tokenHash)
      : acceptDevice(deps, ours, tokenHash, searchParams.get('protocol'))
  if (accepted)
    deps.connected()
  return accepted
    ? new Response(null, { status: 101, webSocket: theirs })
    : errorResponse(new EdgeError('unauthorized', 'This token is not known.'))
}

function acceptRunner({ accept, connectRunner, sql, now }: AcceptDeps, ws: WebSocket, tokenHash: string): boolean {
  const token = tokenHash === DEPLOYMENT_TOKEN ? { id: DEPLOYMENT_TOKEN } : findToken(sql, 'runner', tokenHash, now())
  if (!token)
    return false
  accept(ws, [RUNNER_TAG, tokenTag(token.id), hashTag(tokenHash)])
  connectRunner(ws)
  return true
}

function acceptDevice(
  { accept, connectDevice, sql, now }: AcceptDeps,
  ws: WebSocket,
  tokenHash: string,
  protocol: string | null,
): boolean {
  const device = findDevice(sql, tokenHash, now())
  if (!device)
    return false
  accept(ws, [DEVICE_TAG, deviceTag(device.id), hashTag(tokenHash)])
  connectDevice(ws, protocol)
  return true
}
