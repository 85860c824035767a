import type { LiveDown } from '#shared/protocol/live.ts'
import type { Store } from '../store/store.ts'
import type { Standing } from './pull.ts'
import type { SendFrame } from './send-frame.ts'
import type { Subscription } from './subscription.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { fitsIn } from '../store/fits-in.ts'
import { changesAfter, standing } from './pull.ts'
import { readSubscription, writeSubscription } from './subscription.ts'

/** Somebody who never stops pushing must not keep the others waiting. */
const MAX_HELD_COMMITS = 100

export interface Pokes {
  /** Tells every subscribed socket what changed since its own cookie. */
  poke: () => void
  /** Pokes once after `work` instead of after each commit in it; before its end `from`, whose work it is, is told nothing at all. */
  together: <T>(work: () => Promise<T>, from?: WebSocket) => Promise<T>
  broadcast: (frame: LiveDown) => void
}

/** What the edge says to devices unasked. Who they are and how far they got is in their sockets' attachments, not in memory. */
export function createPokes({ store, sockets, send }: { store: Store, sockets: () => WebSocket[], send: SendFrame }): Pokes {
  let held = 0
  let heldCommits = 0
  // Each poke makes a device do again what it has not heard of yet: far too much while it has thousands of changes to say.
  const pushing = new Set<WebSocket>()

  function poke(last?: WebSocket): void {
    heldCommits = 0
    const listening = sockets().flatMap((ws) => {
      const subscription = pushing.has(ws) ? null : readSubscription(ws)
      return subscription ? [{ ws, subscription }] : []
    })
    // Most of what happens while nobody looks is a task's or Claude's.
    if (listening.length === 0)
      return
    const at = standing(store)
    for (const { ws, subscription } of listening.toSorted((a, b) => Number(a.ws === last) - Number(b.ws === last))) {
      const poke = pokeFor(store, at, subscription)
      if (!poke)
        continue
      const { frame, text } = poke
      // After `changed` it is told nothing until it has pulled, which also subscribes it again.
      writeSubscription(ws, frame.type === 'poke' ? { ...subscription, cookie: frame.pull.cookie } : null)
      send(ws, frame, text)
    }
  }

  store.onCommit(() => {
    heldCommits += 1
    if (held === 0 || heldCommits >= MAX_HELD_COMMITS)
      poke()
  })

  return {
    poke,
    async together(work, from) {
      held += 1
      if (from)
        pushing.add(from)
      try {
        return await work()
      }
      finally {
        held -= 1
        if (from)
          pushing.delete(from)
        // Whose work it was has it on the screen already.
        poke(from)
      }
    },
    broadcast(frame) {
      for (const ws of sockets())
        send(ws, frame)
    },
  }
}

/** null: nothing this socket does not have. */
function pokeFor(store: Store, at: Standing, { clientGroupID, cookie }: Subscription): { frame: Poke, text?: string } | null {
  const pull = changesAfter(store, clientGroupID, cookie, at)
  if (pull === null)
    return { frame: CHANGED }
  if (pull.patch.length === 0 && Object.keys(pull.lastMutationIDChanges).length === 0)
    return null
  const frame = { type: 'poke', baseCookie: cookie, pull } as const
  const text = JSON.stringify(frame)
  return fitsIn(text, MAX_FRAME_BYTES) ? { frame, text } : { frame: CHANGED }
}

type Poke = Extract<LiveDown, { type: 'poke' | 'changed' }>

const CHANGED: Poke = { type: 'changed' }
