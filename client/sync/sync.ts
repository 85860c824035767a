import type { LiveDown } from '#shared/protocol/live.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { HistoryPages } from './history-pages.ts'
import type { JournalStore } from './journal.ts'
import type { LiveFrame } from './live-socket.ts'
import type { Replica } from './replica.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { ABSENT, LIVE_PROTOCOL_VERSION, PRESENT } from '#shared/protocol/live.ts'
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
  /** Time of the oldest mutation that is not on this device's disk, ms since the epoch; null when all are. */
  onUnsaved: (since: number | null) => void
  journal?: JournalStore
  /** Opens a new socket to the edge. */
  connect?: () => WebSocket
}

export interface Sync extends Pick<Replica, 'mutate' | 'read' | 'watch'> {
  /** The history page before this sequence number; null when the edge cannot be asked. */
  history: HistoryPages['before']
  /** Connects without a backoff: the device woke up, or the person asked for it. */
  wake: () => void
  /** Tells the edge whether the person is at this device; lost without a connection. */
  setPresence: (present: boolean) => void
  /** Ends all attempts to reach the edge; the rows stay. */
  disconnect: () => void
  close: () => Promise<void>
}

/** Keeps the rows on this device equal to the edge's, over one socket. */
export function openSync(options: SyncOptions): Sync {
  const { name, store, onConnection, onText, onLog, onStuck, onStale, onUnsaved } = options
  const { journal = journalStore(name, store), connect = openWebSocket } = options
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
      void history.clear()
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
      // Another tab may have been closed meanwhile.
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
    setPresence: present => void socket.sendText(present ? PRESENT : ABSENT),
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
