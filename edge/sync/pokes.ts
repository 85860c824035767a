import type { LiveDown } from '#shared/protocol/live.ts'
import type { Subscription } from '../sockets/device-socket.ts'
import type { SendFrame } from '../sockets/send-frame.ts'
import type { Store } from '../store/store.ts'
import { readSubscription, writeSubscription } from '../sockets/device-socket.ts'
import { readEpoch } from './epoch.ts'
import { pokePatchFor } from './poke-patch.ts'
import { createRecentCommits } from './recent-commits.ts'

/** Somebody who never stops pushing must not keep the others waiting. */
const MAX_HELD_COMMITS = 100

export interface Pokes {
  /** Tells every subscribed socket what changed since its own cookie. */
  poke: () => void
  /**
   * Pokes once after `work` instead of after each commit in it. `from`,
   * whose work it is, is told nothing: its answer says it, see `takeHeld`.
   */
  batch: <T>(work: () => Promise<T>, from?: WebSocket) => Promise<T>
  /**
   * What a socket was not told while its work was done: the members
   * of a poke, as JSON; null when that is nothing, or it must pull.
   */
  takeHeld: (ws: WebSocket) => string | null
  broadcast: (frame: LiveDown) => void
}

/**
 * What the edge says to devices unasked. Who they are and how
 * far they got is in their sockets' attachments, not in memory.
 */
export function createPokes({
  store,
  sockets,
  send,
}: {
  store: Store
  sockets: () => WebSocket[]
  send: SendFrame
}): Pokes {
  let held = 0
  let heldCommits = 0
  // Each poke makes a device do again what it has not heard of
  // yet: far too much while it has thousands of changes to say.
  const pushing = new Set<WebSocket>()
  const recent = createRecentCommits()
  /** Raised only when the object begins. */
  let epoch: number | null = null

  function poke(): void {
    heldCommits = 0
    const listening = sockets().flatMap((ws) => {
      const subscription = pushing.has(ws) ? null : readSubscription(ws)
      return subscription ? [{ ws, subscription }] : []
    })
    for (const { ws, subscription } of listening) {
      const members = pokePatch(ws, subscription)
      if (members !== null)
        send(ws, `{"type":"poke",${members}}`)
    }
    if (pushing.size === 0)
      recent.forget()
  }

  /** The members of a poke; null when there is nothing to say, or so much that it was told to pull. */
  function pokePatch(ws: WebSocket, subscription: Subscription): string | null {
    epoch ??= readEpoch(store.sql)
    const patch = pokePatchFor(store, recent, epoch, subscription)
    if (!patch)
      return null
    if (patch.kind === 'poke') {
      writeSubscription(ws, { ...subscription, cookie: patch.cookie })
      return patch.members
    }
    // It is told nothing until it has pulled, which also subscribes it again.
    writeSubscription(ws, null)
    send(ws, { type: 'changed' })
    return null
  }

  store.onCommit((_keys, _effects, commit) => {
    recent.add(commit)
    heldCommits += 1
    if (held === 0 || heldCommits >= MAX_HELD_COMMITS)
      poke()
  })

  return {
    poke,
    async batch(work, from) {
      held += 1
      if (from)
        pushing.add(from)
      try {
        return await work()
      }
      catch (error) {
        // There will be no answer that could carry it.
        if (from)
          pushing.delete(from)
        throw error
      }
      finally {
        held -= 1
        try {
          poke()
        }
        finally {
          if (from)
            pushing.delete(from)
        }
      }
    },
    takeHeld(ws) {
      const subscription = readSubscription(ws)
      const members = subscription && pokePatch(ws, subscription)
      if (held === 0)
        recent.forget()
      return members
    },
    broadcast(frame) {
      const text = JSON.stringify(frame)
      for (const ws of sockets()) send(ws, text)
    },
  }
}
