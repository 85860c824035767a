import type { Cookie } from '#shared/protocol/replicache.ts'
import type { Poke } from './merge-pokes.ts'
import { mergePokes } from './merge-pokes.ts'

/**
 * Once, another tab has moved the device; again and again, something is broken, and asking faster would not mend it.
 */
const REFUSED_WAIT_MS = 100
const MAX_REFUSED_WAIT_MS = 5_000

export interface PokeQueueDeps {
  /** Rejects when the device does not stand at the poke's base. */
  apply: (poke: Poke) => Promise<void>
  /** Asks the edge, from where the device really stands. */
  pull: () => void
  sleep: (ms: number) => Promise<void>
}

export interface PokeQueue {
  /** The edge said so unasked. */
  add: (poke: Poke) => void
  /** The answer to a pull; its base is where the device stood when it asked. */
  pulled: (answer: Poke) => void
}

/**
 * The one way in which the edge's rows come to this device: one change at a time, merged, each
 * from where the device stands. Replicache itself would drop the answer to a pull without a
 * word when a poke lands while it is on its way. Whatever does not fit becomes a pull.
 */
export function createPokeQueue({ apply, pull, sleep }: PokeQueueDeps): PokeQueue {
  /** Where the device stands; undefined when that is not known. Another tab may have moved it since. */
  let at: Cookie | null | undefined
  let waiting: Poke[] = []
  let applying = false
  let asked = false
  let refusals = 0

  return {
    add(poke) {
      waiting.push(poke)
      void drain()
    },
    pulled(answer) {
      asked = false
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
      // What does not fit yet may fit after the answer to a pull that is on its way already.
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
    refusals = applied ? 0 : refusals + 1
    if (refusals > 1)
      await sleep(Math.min(REFUSED_WAIT_MS * refusals, MAX_REFUSED_WAIT_MS))
    // An answer that came meanwhile knows better.
    if (at === from)
      at = applied ? poke.pull.cookie : undefined
  }

  function requestPull() {
    if (asked)
      return
    asked = true
    pull()
  }
}

function isNewer(one: Cookie | null, other: Cookie | null): boolean {
  return one !== null && (other === null || one.order > other.order)
}
