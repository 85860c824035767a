import type { DeviceView, NewToken, TokenView } from '#shared/protocol/access.ts'
import { CLOSE } from '#shared/protocol/live.ts'
import { addDevice, removeDevice } from './devices.ts'
import { deviceTag, tokenTag } from './socket-tags.ts'
import { addToken, listTokens, MAX_TOKENS, removeToken } from './tokens.ts'

const DAY_MS = 24 * 3_600_000

export interface MemberDeps {
  sql: SqlStorage
  now: () => number
  newId: () => string
  sockets: (tag: string) => WebSocket[]
  /** Deletes the push subscriptions of expired devices. */
  pruneSubscriptions: () => void
  removeSubscription: (device: string) => void
}

/** Admits a new device of this person. At exit: expired devices are deleted, with their push subscriptions. */
export function admit(
  { sql, now, newId, pruneSubscriptions }: MemberDeps,
  name: string,
  tokenHash: string,
): DeviceView {
  const createdAt = now()
  const device = { id: newId(), name, createdAt, seenAt: createdAt }
  addDevice(sql, device, tokenHash)
  pruneSubscriptions()
  return device
}

/** At exit: the device's token is void, its push subscription is deleted, and its sockets are closed. */
export function revokeDevice({ sql, sockets, removeSubscription }: MemberDeps, id: string): void {
  removeDevice(sql, id)
  removeSubscription(id)
  closeAll(sockets(deviceTag(id)), 'This device was unpaired.')
}

/** Creates a token; null when the person has too many. */
export function issueToken(
  { sql, now, newId }: MemberDeps,
  { kind, name, scopes, days }: NewToken,
  tokenHash: string,
): TokenView | null {
  if (listTokens(sql).length >= MAX_TOKENS)
    return null
  const createdAt = now()
  const token = {
    id: newId(),
    kind,
    name,
    scopes,
    createdAt,
    expiresAt: days && createdAt + days * DAY_MS,
    seenAt: null,
  }
  addToken(sql, token, tokenHash)
  return token
}

/** At exit: the token is void, and the sockets that were opened with it are closed. */
export function revokeToken({ sql, sockets }: MemberDeps, id: string): void {
  removeToken(sql, id)
  closeAll(sockets(tokenTag(id)), 'This token was revoked.')
}

function closeAll(sockets: readonly WebSocket[], why: string): void {
  for (const ws of sockets)
    ws.close(CLOSE.unauthorized, why)
}
