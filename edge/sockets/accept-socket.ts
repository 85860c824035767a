import { DEPLOYMENT_TOKEN } from '../auth/identity.ts'
import { EdgeError, errorResponse } from '../http/edge-error.ts'
import { findDevice } from '../members/devices.ts'
import { DEVICE_TAG, deviceTag, hashTag, RUNNER_TAG, tokenTag } from '../members/socket-tags.ts'
import { findToken } from '../members/tokens.ts'

export interface AcceptDeps {
  /** `ctx.acceptWebSocket`: from then on the socket survives the object's sleep. */
  accept: (ws: WebSocket, tags: string[]) => void
  /** Something waits for a time now. */
  connected: () => void
  /** A device's socket was accepted; `protocol` is the version its app speaks. */
  connectDevice: (ws: WebSocket, protocol: string | null) => void
  connectRunner: (ws: WebSocket) => void
  sql: SqlStorage
  now: () => number
}

/**
 * Takes a socket whose token the Worker has found to be this
 * person's, if the token was not taken back. Both in one step.
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
