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
  /** Where devices that are gone were pushed to. */
  pruneSubscriptions: () => void
  removeSubscription: (device: string) => void
}

/**
 * Admits a new device of this person. At exit: those that stayed
 * away too long are forgotten, with where they were pushed to.
 */
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

/** At exit: its token opens nothing, nothing is pushed to it, and what it has open is closed. */
export function revokeDevice({ sql, sockets, removeSubscription }: MemberDeps, id: string): void {
  removeDevice(sql, id)
  removeSubscription(id)
  closeAll(sockets(deviceTag(id)), 'This device was unpaired.')
}

/** null: there are too many. */
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

/** At exit: it opens nothing, and what was opened with it is closed. */
export function revokeToken({ sql, sockets }: MemberDeps, id: string): void {
  removeToken(sql, id)
  closeAll(sockets(tokenTag(id)), 'This token was revoked.')
}

function closeAll(sockets: readonly WebSocket[], why: string): void {
  for (const ws of sockets)
    ws.close(CLOSE.unauthorized, why)
}
