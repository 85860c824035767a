import type { LiveDown } from '#shared/protocol/live.ts'
import type { Subscription } from '../sockets/device-socket.ts'
import type { SendFrame } from '../sockets/send-frame.ts'
import type { Store } from '../store/store.ts'
import { readSubscription, writeSubscription } from '../sockets/device-socket.ts'
import { readEpoch } from './epoch.ts'
import { pokePatchFor } from './poke-patch.ts'
import { createRecentCommits } from './recent-commits.ts'

/** Commits held back before a poke, so that a device that never stops pushing does not keep the others waiting. */
const MAX_HELD_COMMITS = 100

export interface PokeDeps {
  store: Store
  sockets: () => WebSocket[]
  send: SendFrame
}

export interface Pokes {
  /** Sends every subscribed socket the changes since its own cookie. */
  poke: () => void
  /**
   * Pokes once after `work` instead of after each of its commits. The socket `from`, which asked for the work, is not
   * poked: its changes go into the response, see `takeHeld`.
   */
  batch: <T>(work: () => Promise<T>, from?: WebSocket) => Promise<T>
  /**
   * The changes held back from a socket during its batch: the members of a poke, as JSON; null when there are none, or
   * when the socket was told to pull.
   */
  takeHeld: (ws: WebSocket) => string | null
  broadcast: (frame: LiveDown) => void
}

/** Sends frames to devices unasked. Their subscriptions are in the attachments of their sockets, not in memory. */
export function createPokes({ store, sockets, send }: PokeDeps): Pokes {
  /** The number of batches that are running. */
  let batches = 0
  let heldCommits = 0
  // A device replays its pending mutations on each poke: far too much work while it pushes thousands of them.
  const pushing = new Set<WebSocket>()
  const recent = createRecentCommits()
  /** Read once: it is raised only when the object starts. */
  let epoch: number | null = null

  function poke(): void {
    heldCommits = 0
    const subscribed = sockets().flatMap((ws) => {
      const subscription = pushing.has(ws) ? null : readSubscription(ws)
      return subscription ? [{ ws, subscription }] : []
    })
    for (const { ws, subscription } of subscribed) {
      const members = pokePatch(ws, subscription)
      if (members !== null)
        send(ws, `{"type":"poke",${members}}`)
    }
    if (pushing.size === 0)
      recent.forget()
  }

  /** The members of a poke; null when nothing changed, or when the device was told to pull instead. */
  function pokePatch(ws: WebSocket, subscription: Subscription): string | null {
    epoch ??= readEpoch(store.sql)
    const patch = pokePatchFor(store, recent, epoch, subscription)
    if (!patch)
      return null
    if (patch.kind === 'poke') {
      writeSubscription(ws, { ...subscription, cookie: patch.cookie })
      return patch.members
    }
    // The device gets no poke until it has pulled, which also subscribes it again.
    writeSubscription(ws, null)
    send(ws, { type: 'changed' })
    return null
  }

  store.onCommit((_keys, _effects, commit) => {
    recent.add(commit)
    heldCommits += 1
    if (batches === 0 || heldCommits >= MAX_HELD_COMMITS)
      poke()
  })

  return {
    poke,
    async batch(work, from) {
      batches += 1
      if (from)
        pushing.add(from)
      try {
        return await work()
      }
      catch (error) {
        // There is no response that could carry the changes, so the poke below reaches this socket too.
        if (from)
          pushing.delete(from)
        throw error
      }
      finally {
        batches -= 1
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
      if (batches === 0)
        recent.forget()
      return members
    },
    broadcast(frame) {
      const text = JSON.stringify(frame)
      for (const ws of sockets())
        send(ws, text)
    },
  }
}
