import type { Cookie } from '#shared/protocol/replicache.ts'
import type { Subscription } from '../sockets/device-socket.ts'
import type { Store } from '../store/store.ts'
import type { RecentCommits } from './recent-commits.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { fitsIn } from '../text/fits-in.ts'
import { aboveFloor, lengthOfChangesSince } from './changes.ts'
import { cookieVersion } from './epoch.ts'
import { changesAfter, newestCookie } from './pull.ts'

/** The rest of a frame that contains a poke's members. */
const ENVELOPE_BYTES = 200

export type PokePatch
  /** The members of a poke, as JSON, and the device's cookie after it. */
  = | { kind: 'poke', members: string, cookie: Cookie }
    /** The changes are too large for a frame or no longer known, so the device must pull. */
    | { kind: 'changed' }

/** The changes that a device lacks; null when there are none. Read from memory when it lacks only recent commits. */
export function pokePatchFor(
  store: Store,
  recent: RecentCommits,
  epoch: number,
  { clientGroupID, cookie }: Subscription,
): PokePatch | null {
  const version = cookieVersion(cookie, epoch, store.version())
  if (version === null)
    return { kind: 'changed' }
  if (version === store.version())
    return null
  const changes = recent.since(version, store.version())
  if (!changes)
    return storedPokePatch(store, clientGroupID, cookie, version)
  const lastMutationIDs = changes.lastMutationIDs(clientGroupID)
  const rows = aboveFloor(changes.rows, cookie.floor)
  if (rows.length === 0 && Object.keys(lastMutationIDs).length === 0)
    return null
  const next = newestCookie(store, epoch, cookie.floor)
  const [nextCookie, lastMutationIDChanges] = [JSON.stringify(next), JSON.stringify(lastMutationIDs)]
  const patch = rows.map(({ operation }) => operation).join(',')
  const pull = `{"cookie":${nextCookie},"lastMutationIDChanges":${lastMutationIDChanges},"patch":[${patch}]}`
  return pokePatchOf(cookie, next, pull)
}

function storedPokePatch(store: Store, clientGroupID: string, cookie: Cookie, version: number): PokePatch | null {
  if (lengthOfChangesSince(store.sql, version) > MAX_FRAME_BYTES)
    return { kind: 'changed' }
  const pull = changesAfter(store, clientGroupID, cookie)
  if (pull === null)
    return { kind: 'changed' }
  if (pull.patch.length === 0 && Object.keys(pull.lastMutationIDChanges).length === 0)
    return null
  return pokePatchOf(cookie, pull.cookie, JSON.stringify(pull))
}

function pokePatchOf(base: Cookie, next: Cookie, pull: string): PokePatch {
  const members = `"baseCookie":${JSON.stringify(base)},"pull":${pull}`
  return fitsIn(members, MAX_FRAME_BYTES - ENVELOPE_BYTES)
    ? { kind: 'poke', members, cookie: next }
    : { kind: 'changed' }
}
