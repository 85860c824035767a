import type { LiveDown } from '#shared/protocol/live.ts'
import type { JournalStore } from './journal.ts'
import type { LinkState } from './link-state.ts'
import type { LiveFrame } from './live-socket.ts'
import type { OlderPages } from './older-pages.ts'
import type { Replica } from './replica.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { AWAY, HERE, LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { createBackfill } from './backfill.ts'
import { createDelivered } from './delivered.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { openLastingReplica } from './lasting-replica.ts'
import { createLiveRequests } from './live-requests.ts'
import { openLiveSocket } from './live-socket.ts'
import { createOlderPages, pageStore } from './older-pages.ts'
import { openPages } from './pages.ts'

export interface SyncOptions {
  name: string
  store: 'idb' | 'mem'
  onLink: (state: LinkState) => void
  onText: (frame: Extract<LiveDown, { type: 'text' }>) => void
  onLog: (frame: Extract<LiveDown, { type: 'log' }>) => void
  onStuck: (why: string | null) => void
  onStale: () => void
  /** Since when something done here is not on this device's disk yet, ms since the epoch; null when all of it is. */
  onUnsaved: (since: number | null) => void
  /** Where is written down what was done here. */
  journal?: JournalStore
  /** A new socket to the edge. */
  connect?: () => WebSocket
}

export interface Sync extends Pick<Replica, 'mutate' | 'read' | 'watch'> {
  /** The past beyond what syncs: the messages before this sequence number, page by page; null while the edge cannot be asked. */
  older: OlderPages['before']
  /** The device woke up, or the person asked to try again. */
  wake: () => void
  /** Whether the person is at this device; said only while there is a link. */
  present: (here: boolean) => void
  /** No more tries to reach the edge; the rows stay. */
  hangUp: () => void
  close: () => Promise<void>
}

/** Rows on this device, kept equal to the edge's over one socket whenever there is one. */
export function openSync({ name, store, onLink, onText, onLog, onStuck, onStale, onUnsaved, journal = journalStore(name, store), connect = connectHere }: SyncOptions): Sync {
  const backfill = createBackfill(() => replica.pull({ older: true }))
  const requests = createLiveRequests(frame => socket.send(frame))
  const older = createOlderPages({ requests, store: pageStore(name, store) })
  const delivered = createDelivered()
  const replica = openLastingReplica({
    name,
    store,
    now: Date.now,
    requests,
    delivered,
    journal: createJournal({ store: journal, onUnsaved }),
    pages: openPages(name),
    onPulled: backfill.pulled,
    onStuck,
    onStale,
    onRestart() {
      backfill.restart()
      void older.forget()
    },
  })
  const socket = openLiveSocket({
    open: connect,
    now: () => performance.now(),
    chance: Math.random,
    onState: linked,
    onFrame: received,
  })

  void replica.recover()

  function linked(state: LinkState) {
    onLink(state)
    backfill.restart()
    if (state === 'live') {
      replica.sync()
      // Of another page that was closed since.
      void replica.recover()
    }
    else {
      requests.drop()
      delivered.forget()
    }
  }

  function received(frame: LiveFrame) {
    switch (frame.type) {
      case 'pushed':
        if (frame.poke)
          replica.poke(frame.poke)
        return requests.settle(frame)
      case 'pulled':
      case 'older':
      case 'error':
        return requests.settle(frame)
      case 'poke':
        return replica.poke(frame)
      case 'changed':
        return replica.pull()
      case 'text':
        return onText(frame)
      case 'log':
        return onLog(frame)
      default:
        return unreachable(frame)
    }
  }

  return {
    mutate: replica.mutate,
    read: replica.read,
    watch: replica.watch,
    older: older.before,
    wake: socket.wake,
    present: here => void socket.say(here ? HERE : AWAY),
    hangUp: socket.close,
    async close() {
      backfill.stop()
      socket.close()
      await replica.close()
    },
  }
}

function connectHere(): WebSocket {
  return new WebSocket(`/api/live?protocol=${LIVE_PROTOCOL_VERSION}`)
}
