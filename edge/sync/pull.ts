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

/** `backfill` adds a piece of the history, because the device has time for one. */
export interface PullOptions { now: number, backfill?: boolean }

/**
 * The changes that a client group lacks. Synchronous and read from SQLite each time: no commit can come in between,
 * and an object that was replaced fails instead of answering from memory.
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

  // 2. A group without rows gets a window.
  if (cookie === null) {
    rememberGroup(sql, { clientGroupID, version: 0, now })
    return begin(store, clientGroupID)
  }

  // 3. The cookie is from another group, of which this one is a copy, or from other storage. It starts over, but only
  // at a later cookie, because Replicache refuses one that goes backwards.
  if (!isKnownGroup(sql, clientGroupID)) {
    const fresh = begin(store, clientGroupID)
    if (fresh.cookie.order <= cookie.order)
      return { error: 'ClientStateNotFound' }
    rememberGroup(sql, { clientGroupID, version: 0, now })
    return fresh
  }

  // 4. This storage did not issue the cookie, so its rows are not from here.
  const epoch = readEpoch(sql)
  const version = cookieVersion(cookie, epoch, store.version())
  if (version === null)
    return { error: 'ClientStateNotFound' }
  rememberGroup(sql, { clientGroupID, version, now })

  // 5. The changes since, unless they are no longer complete, or a fresh window is smaller.
  if (version < prunedThrough(sql) || lengthOfChangesSince(sql, version) > MAX_CATCH_UP_LENGTH)
    return begin(store, clientGroupID)
  const { floor } = cookie
  return changes(store, { clientGroupID, epoch, version, floor, deeper: backfill ? deeperWindow(sql, floor) : null })
}

/** The changes after a cookie, and the next cookie; null when it is too old or from another storage. */
export function changesAfter(store: Store, clientGroupID: string, cookie: Cookie): PullPatch | null {
  const epoch = readEpoch(store.sql)
  const version = cookieVersion(cookie, epoch, store.version())
  return version === null || version < prunedThrough(store.sql)
    ? null
    : changes(store, { clientGroupID, epoch, version, floor: cookie.floor, deeper: null })
}

/** The cookie of a device that has every row at this version, with the messages from `floor` on. */
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

interface ChangesRequest { clientGroupID: string, epoch: number, version: number, floor: number, deeper: Window | null }

function changes(store: Store, { clientGroupID, epoch, version, floor, deeper }: ChangesRequest): PullPatch {
  return {
    cookie: newestCookie(store, epoch, deeper?.floor ?? floor),
    lastMutationIDChanges: lastMutationIDChanges(store.sql, clientGroupID, version),
    patch: [...aboveFloor(changesSince(store.sql, version), floor), ...deeper?.patch ?? []],
  }
}
