import type { Cookie } from '#shared/protocol/replicache.ts'
import type { Poke } from './merge-pokes.ts'
import { mergePokes } from './merge-pokes.ts'

/**
 * One failure means that another tab moved the device; more mean
 * that something is broken, and faster pulls would not mend it.
 */
const APPLY_BACKOFF_MS = 100
const MAX_APPLY_BACKOFF_MS = 5_000

export interface PokeQueueDeps {
  /** Rejects when the device's cookie is not the poke's base. */
  apply: (poke: Poke) => Promise<void>
  /** Pulls from the cookie that Replicache has stored. */
  pull: () => void
  sleep: (ms: number) => Promise<void>
}

export interface PokeQueue {
  /** Adds a poke, which the edge sent unasked. */
  add: (poke: Poke) => void
  /** Adds the answer to a pull; its base is the device's cookie at the request. */
  pulled: (answer: Poke) => void
}

/**
 * The only way for the edge's rows into this device: merged pokes, one at a time,
 * each from the device's cookie. Replicache itself would silently drop the answer
 * to a pull when a poke arrives before it. A poke that does not fit becomes a pull.
 */
export function createPokeQueue({ apply, pull, sleep }: PokeQueueDeps): PokeQueue {
  /** The device's cookie; undefined when it is not known. Another tab may have moved it since. */
  let at: Cookie | null | undefined
  let waiting: Poke[] = []
  let applying = false
  let pullRequested = false
  let failures = 0

  return {
    add(poke) {
      waiting.push(poke)
      void drain()
    },
    pulled(answer) {
      pullRequested = false
      if (at === undefined || isNewer(answer.baseCookie, at))
        at = answer.baseCookie
      waiting.push(answer)
      void drain()
    },
  }

  async function drain() {
    if (applying)
      return
    applying = true
    while (at !== undefined) {
      const { poke, left } = mergePokes(at, waiting)
      // These do not fit yet, but may after the answer to a pull in flight.
      waiting = left
      if (!poke)
        break
      await applyFrom(at, poke)
    }
    applying = false
    if (at === undefined || waiting.length > 0)
      requestPull()
  }

  async function applyFrom(from: Cookie | null, poke: Poke) {
    const applied = await apply(poke).then(() => true, () => false)
    failures = applied ? 0 : failures + 1
    if (failures > 1)
      await sleep(Math.min(APPLY_BACKOFF_MS * failures, MAX_APPLY_BACKOFF_MS))
    // An answer that arrived meanwhile has a newer cookie.
    if (at === from)
      at = applied ? poke.pull.cookie : undefined
  }

  function requestPull() {
    if (pullRequested)
      return
    pullRequested = true
    pull()
  }
}

function isNewer(one: Cookie | null, other: Cookie | null): boolean {
  return one !== null && (other === null || one.order > other.order)
}
