import type { InjectionKey, Ref, ShallowRef } from 'vue'
import type { TaskId } from '#shared/model/task.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { ClientMutate } from '../sync/replica.ts'
import type { Attachments } from './attachments.ts'
import type { LiveTexts } from './live-texts.ts'
import type { Logs } from './logs.ts'
import type { Rows } from './rows.ts'
import type { UndoQueue } from './undo-queue.ts'
import { ref, shallowRef, watch } from 'vue'
import { prepareFile } from '../lib/prepare-file.ts'
import { redrawPicture } from '../lib/redraw-picture.ts'
import { sleep } from '../lib/sleep.ts'
import { isOwnClient } from '../sync/own-clients.ts'
import { openSync } from '../sync/sync.ts'
import { createAttachments, sendFile } from './attachments.ts'
import { openFileStore } from './file-store.ts'
import { createLiveTexts } from './live-texts.ts'
import { loadRows } from './load-rows.ts'
import { createLogs } from './logs.ts'
import { createRows } from './rows.ts'
import { fetchSession } from './session.ts'
import { createUndoQueue } from './undo-queue.ts'
import { createUploads } from './uploads.ts'

/** All that pages may read and do; pages know nothing of sockets and storage. */
export interface Mainloop {
  rows: Rows
  texts: LiveTexts
  logs: Logs
  attachments: Attachments
  connection: Readonly<Ref<ConnectionState>>
  /** Time of the connection's loss, ms since the epoch; null while there is one. */
  offlineSince: Readonly<ShallowRef<number | null>>
  /** Reason why the edge does not accept this device's mutations; null when it does. */
  stuck: Readonly<ShallowRef<string | null>>
  /** Time of the oldest mutation that is not on this device's disk, ms since the epoch; null when all are. */
  unsaved: Readonly<ShallowRef<number | null>>
  /** The rows on this device belong to another version of the app: the page must reload. */
  stale: Readonly<Ref<boolean>>
  mutate: ClientMutate
  /** Whether a Replicache client belongs to a tab of this device, open or closed. */
  isOwn: (clientID: string) => boolean
  undoQueue: UndoQueue
  /** Adds the history page before this sequence number to the rows; null when the edge cannot be asked. */
  loadHistory: (before: number) => Promise<{ more: boolean } | null>
  wake: () => void
  /** Tells the edge whether the person is at this device; it forgets it with the connection. */
  setPresence: (present: boolean) => void
  close: () => Promise<void>
}

export const MAINLOOP: InjectionKey<Mainloop> = Symbol('mainloop')

export function openMainloop(options: { name: string, store: 'idb' | 'mem' }): Mainloop {
  const { rows, apply } = createRows()
  const texts = createLiveTexts(rows.thread)
  const fetchFn: typeof fetch = (...args) => fetch(...args)
  const logs = createLogs(fetchFn)
  const connection = ref<ConnectionState>('connecting')
  const offlineSince = shallowRef<number | null>(null)
  const stuck = shallowRef<string | null>(null)
  const unsaved = shallowRef<number | null>(null)
  const stale = ref(false)
  const store = openFileStore(options.name, options.store)
  const attachments = createAttachments({ store, prepare: file => prepareFile(file, redrawPicture), fetchFn })
  const uploads = createUploads({
    thread: rows.thread,
    connection,
    store,
    send: (due, bytes) => sendFile(fetchFn, due, bytes),
    sleep,
    chance: Math.random,
  })
  const sync = openSync({
    ...options,
    onConnection(state) {
      connection.value = state
      offlineSince.value = state === 'offline' ? offlineSince.value ?? Date.now() : null
      if (state === 'offline')
        void checkSession()
    },
    onText: ({ key, offset, text }) => texts.add(key, { offset, text }),
    onLog: ({ task, lines }) => logs.add(task, lines),
    onStuck: why => void (stuck.value = why),
    onUnsaved: since => void (unsaved.value = since),
    onStale: () => void (stale.value = true),
  })
  // A browser hides why an upgrade was refused, so a revoked device looks offline until it asks for its session.
  async function checkSession() {
    if (await fetchSession(fetchFn) !== 'unknown')
      return
    connection.value = 'unauthorized'
    sync.disconnect()
  }

  async function loadHistory(before: number) {
    const page = await sync.history(before)
    if (page)
      apply(page.rows)
    return page
  }

  void loadRows({ read: sync.read, apply, watch: sync.watch, thread: rows.thread })
  watch(rows.thread, texts.prune)
  const undoQueue = createUndoQueue({
    decide: sync.mutate.decideTask,
    storage: localStorage,
    now: Date.now,
    later: (run, ms) => void setTimeout(run, ms),
  })
  const revisionOf = (id: TaskId) => rows.tasks.value.find(task => task.id === id)?.revision ?? null
  watch(rows.ready, () => undoQueue.resume(revisionOf), { once: true })

  function close() {
    uploads.stop()
    return sync.close()
  }

  return {
    rows,
    texts,
    logs,
    attachments,
    connection,
    offlineSince,
    stuck,
    unsaved,
    stale,
    mutate: sync.mutate,
    undoQueue,
    isOwn: isOwnClient,
    loadHistory,
    wake: sync.wake,
    setPresence: sync.setPresence,
    close,
  }
}
