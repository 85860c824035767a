import type { Link } from '../runner-connection/runner-connection.ts'
import type { Live } from '../sync/live.ts'
import { DEPLOYMENT } from '../auth/identity.ts'
import { EdgeError, errorResponse } from '../http/edge-error.ts'
import { findDevice } from '../members/devices.ts'
import { findToken } from '../members/tokens.ts'

export const RUNNER_TAG = 'runner'
export const DEVICE_TAG = 'device'

export interface AcceptDeps {
  /** `ctx.acceptWebSocket`: from then on the socket survives the object's sleep. */
  accept: (ws: WebSocket, tags: string[]) => void
  /** Something waits for a time now. */
  connected: () => void
  live: Live
  link: Link
  sql: SqlStorage
  now: () => number
}

/** Takes a socket whose token the Worker has found to be this person's, if the token was not taken back. Both in one step. */
export function acceptSocket(deps: AcceptDeps, request: Request): Response {
  const { pathname, searchParams } = new URL(request.url)
  const tokenHash = searchParams.get('token') ?? ''
  const { 0: theirs, 1: ours } = new WebSocketPair()
  const accepted = pathname === '/runner' ? acceptRunner(deps, ours, tokenHash) : acceptDevice(deps, ours, tokenHash, searchParams.get('protocol'))
  if (accepted)
    deps.connected()
  return accepted
    ? new Response(null, { status: 101, webSocket: theirs })
    : errorResponse(new EdgeError('unauthorized', 'This token is not known.'))
}

function acceptRunner({ accept, link, sql, now }: AcceptDeps, ws: WebSocket, tokenHash: string): boolean {
  const token = tokenHash === DEPLOYMENT ? { id: DEPLOYMENT } : findToken(sql, 'runner', tokenHash, now())
  if (!token)
    return false
  accept(ws, [RUNNER_TAG, tokenTag(token.id), hashTag(tokenHash)])
  link.connect(ws)
  return true
}

function acceptDevice({ accept, live, sql, now }: AcceptDeps, ws: WebSocket, tokenHash: string, protocol: string | null): boolean {
  const device = findDevice(sql, tokenHash, now())
  if (!device)
    return false
  accept(ws, [DEVICE_TAG, deviceTag(device.id), hashTag(tokenHash)])
  live.connect(ws, protocol)
  return true
}

/** Whether a socket is a runner's. Its tags never change, so they are read once after a sleep and not for each frame. */
export function createIsRunner(tagsOf: (ws: WebSocket) => string[]): (ws: WebSocket) => boolean {
  const known = new WeakMap<WebSocket, boolean>()
  return (ws) => {
    const isRunner = known.get(ws) ?? tagsOf(ws).includes(RUNNER_TAG)
    known.set(ws, isRunner)
    return isRunner
  }
}

/** Finds the sockets of one device, to close them when it is revoked. */
export function deviceTag(device: string): string {
  return `${DEVICE_TAG}:${device}`
}

/** And those that were opened with one token. */
export function tokenTag(token: string): string {
  return `token:${token}`
}

/** The hash of the token a socket was opened with; null for one that an older release accepted. */
export function hashOf(tags: readonly string[]): string | null {
  return tags.find(tag => tag.startsWith(HASH))?.slice(HASH.length) ?? null
}

const HASH = 'hash:'

function hashTag(tokenHash: string): string {
  return `${HASH}${tokenHash}`
}
