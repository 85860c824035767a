import type { Cookie, PullBody, PullPatch, PullResponse } from '#shared/protocol/replicache.ts'
import type { Store } from '../store/store.ts'
import type { Window } from './window.ts'
import { SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { aboveFloor, changesSince, lengthOfChangesSince } from './changes.ts'
import { isKnownGroup, lastMutationIDChanges, rememberGroup } from './clients.ts'
import { cookieOrder, cookieVersion, readEpoch } from './epoch.ts'
import { prunedThrough } from './prune.ts'
import { deeperWindow, freshWindow } from './window.ts'

/** A device that missed more starts over with a window: cheaper for both than catching up. Characters. */
export const MAX_CATCH_UP_LENGTH = 4_000_000

/** `backfill`: the device has time for a piece of the past as well. */
export interface PullOptions { now: number, backfill?: boolean }

/**
 * What a client group does not have yet. Synchronous and read from SQLite each time: nothing
 * can come in between, and an object that was replaced fails instead of answering from memory.
 * @see https://doc.replicache.dev/strategies/row-version
 */
export function pull(
  store: Store,
  { schemaVersion, clientGroupID, cookie }: PullBody,
  { now, backfill = false }: PullOptions,
): PullResponse {
  const { sql } = store
  // 1. Rows of another shape would break the app that asks.
  if (schemaVersion !== SCHEMA_VERSION)
    return { error: 'VersionNotSupported', versionType: 'schema' }

  // 2. Nothing yet: a window.
  if (cookie === null) {
    rememberGroup(sql, { clientGroupID, version: 0, now })
    return begin(store, clientGroupID)
  }

  // 3. A cookie of another group, because this one began as its copy,
  // or of other storage: it starts over where its cookie can follow.
  if (!isKnownGroup(sql, clientGroupID)) {
    const fresh = begin(store, clientGroupID)
    if (fresh.cookie.order <= cookie.order)
      return { error: 'ClientStateNotFound' }
    rememberGroup(sql, { clientGroupID, version: 0, now })
    return fresh
  }

  // 4. A cookie that this storage did not give out: its rows are not ours.
  const epoch = readEpoch(sql)
  const version = cookieVersion(cookie, epoch, store.version())
  if (version === null)
    return { error: 'ClientStateNotFound' }
  rememberGroup(sql, { clientGroupID, version, now })

  // 5. What changed since, unless that is not known any more, or beginning again is less.
  if (version < prunedThrough(sql) || lengthOfChangesSince(sql, version) > MAX_CATCH_UP_LENGTH)
    return begin(store, clientGroupID)
  const { floor } = cookie
  return changes(store, { clientGroupID, epoch, version, floor, deeper: backfill ? deeperWindow(sql, floor) : null })
}

/**
 * The changes after a cookie that was given out before, and the cookie
 * that follows; null when it is none of this storage, or too old.
 */
export function changesAfter(store: Store, clientGroupID: string, cookie: Cookie): PullPatch | null {
  const epoch = readEpoch(store.sql)
  const version = cookieVersion(cookie, epoch, store.version())
  return version === null || version < prunedThrough(store.sql)
    ? null
    : changes(store, { clientGroupID, epoch, version, floor: cookie.floor, deeper: null })
}

/** The cookie of a device that has everything there is from the message `floor` on. */
export function newestCookie({ version, lastMessage }: Store, epoch: number, floor: number): Cookie {
  return { order: cookieOrder({ epoch, version: version(), depth: lastMessage() - floor }), floor }
}

function begin(store: Store, clientGroupID: string): PullPatch {
  const { floor, patch } = freshWindow(store.sql)
  return {
    cookie: newestCookie(store, readEpoch(store.sql), floor),
    lastMutationIDChanges: lastMutationIDChanges(store.sql, clientGroupID, 0),
    patch,
  }
}

interface Asked { clientGroupID: string, epoch: number, version: number, floor: number, deeper: Window | null }

function changes(store: Store, { clientGroupID, epoch, version, floor, deeper }: Asked): PullPatch {
  return {
    cookie: newestCookie(store, epoch, deeper?.floor ?? floor),
    lastMutationIDChanges: lastMutationIDChanges(store.sql, clientGroupID, version),
    patch: [...aboveFloor(changesSince(store.sql, version), floor), ...deeper?.patch ?? []],
  }
}
