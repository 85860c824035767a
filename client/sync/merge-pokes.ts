import type { Cookie, PullPatch } from '#shared/protocol/replicache.ts'

/** The changes after `baseCookie` (null: all rows): a poke, or the answer to a pull. */
export interface Poke { baseCookie: Cookie | null, pull: PullPatch }

export interface Merged {
  /** Applies at the device's cookie; null when there is nothing new. */
  poke: Poke | null
  /** Pokes whose base is newer than the device will be then: one in between is missing. */
  left: Poke[]
}

/** Merges waiting pokes, in order of arrival, into one for a device whose cookie is `known`. */
export function mergePokes(known: Cookie | null, waiting: readonly Poke[]): Merged {
  let merged: Poke | null = null
  const left: Poke[] = []
  let at = known
  for (const poke of waiting) {
    if (!isAfter(poke, at))
      continue
    if (!reaches(poke, at)) {
      left.push(poke)
      continue
    }
    merged = merged ? join(merged, poke) : { baseCookie: known, pull: poke.pull }
    at = poke.pull.cookie
  }
  return { poke: merged, left: left.filter(poke => isAfter(poke, at)) }
}

function isAfter({ pull }: Poke, at: Cookie | null): boolean {
  return at === null || pull.cookie.order > at.order
}

/** The base may be older than the device's cookie: the poke's rows are newer than all in between. */
function reaches({ baseCookie, pull }: Poke, at: Cookie | null): boolean {
  if (baseCookie === null || pull.patch[0]?.op === 'clear')
    return true
  return at !== null && baseCookie.order <= at.order && baseCookie.floor === at.floor
}

function join(first: Poke, second: Poke): Poke {
  return {
    baseCookie: first.baseCookie,
    pull: {
      cookie: second.pull.cookie,
      lastMutationIDChanges: { ...first.pull.lastMutationIDChanges, ...second.pull.lastMutationIDChanges },
      patch: [...first.pull.patch, ...second.pull.patch],
    },
  }
}
