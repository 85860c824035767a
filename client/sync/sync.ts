import type { LiveDown } from '#shared/protocol/live.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { HistoryPages } from './history-pages.ts'
import type { JournalStore } from './journal.ts'
import type { LiveFrame } from './live-socket.ts'
import type { Replica } from './replica.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { AWAY, HERE, LIVE_PROTOCOL_VERSION } from '#shared/protocol/live.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { createBackfill } from './backfill.ts'
import { createHistoryPages, historyPageStore } from './history-pages.ts'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'
import { createLiveRequests } from './live-requests.ts'
import { openLiveSocket } from './live-socket.ts'
import { openRestartingReplica } from './restarting-replica.ts'
import { openTabs } from './tabs.ts'

export interface SyncOptions {
  name: string
  store: 'idb' | 'mem'
  onConnection: (state: ConnectionState) => void
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
  /**
   * The past beyond what syncs: the messages before this sequence
   * number, page by page; null while the edge cannot be asked.
   */
  history: HistoryPages['before']
  /** The device woke up, or the person asked to try again. */
  wake: () => void
  /** Whether the person is at this device; said only while there is a connection. */
  setPresence: (here: boolean) => void
  /** No more tries to reach the edge; the rows stay. */
  disconnect: () => void
  close: () => Promise<void>
}

/** Rows on this device, kept equal to the edge's over one socket whenever there is one. */
export function openSync({
  name,
  store,
  onConnection,
  onText,
  onLog,
  onStuck,
  onStale,
  onUnsaved,
  journal = journalStore(name, store),
  connect = openWebSocket,
}: SyncOptions): Sync {
  const backfill = createBackfill(() => replica.pull({ backfill: true }))
  const requests = createLiveRequests(frame => socket.send(frame))
  const history = createHistoryPages({ requests, store: historyPageStore(name, store) })
  const acknowledged = createAcknowledgedMutations()
  const replica = openRestartingReplica({
    name,
    store,
    now: Date.now,
    requests,
    acknowledged,
    journal: createJournal({ store: journal, onUnsaved }),
    tabs: openTabs(name),
    onPulled: backfill.pulled,
    onStuck,
    onStale,
    onRestart() {
      backfill.restart()
      void history.forget()
    },
  })
  const socket = openLiveSocket({
    open: connect,
    now: () => performance.now(),
    chance: Math.random,
    onState,
    onFrame,
  })

  void replica.recover()

  function onState(state: ConnectionState) {
    onConnection(state)
    backfill.restart()
    if (state === 'live') {
      replica.sync()
      // Another tab may have been closed since.
      void replica.recover()
    }
    else {
      requests.drop()
      acknowledged.forget()
    }
  }

  function onFrame(frame: LiveFrame) {
    switch (frame.type) {
      case 'pushed':
        if (frame.poke)
          replica.poke(frame.poke)
        return requests.resolve(frame)
      case 'pulled':
      case 'history':
      case 'error':
        return requests.resolve(frame)
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
    history: history.before,
    wake: socket.wake,
    setPresence: here => void socket.sendText(here ? HERE : AWAY),
    disconnect: socket.close,
    async close() {
      backfill.stop()
      socket.close()
      await replica.close()
    },
  }
}

function openWebSocket(): WebSocket {
  return new WebSocket(`/api/live?protocol=${LIVE_PROTOCOL_VERSION}`)
}
