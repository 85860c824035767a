import type { Ref, ShallowRef } from 'vue'
import type { AttachmentId } from '#shared/model/attachment.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { ThreadEntry } from '../lib/thread.ts'
import type { FileStore } from './file-store.ts'
import { watch } from 'vue'
import { messageSequence } from '#shared/model/message.ts'
import { retryDelay } from '../lib/retry-delay.ts'

/** A file that the edge waits for, with the sequence number of its message. */
export interface DueFile { message: number, id: AttachmentId }

export interface UploadDeps {
  thread: Readonly<ShallowRef<readonly ThreadEntry[]>>
  connection: Readonly<Ref<ConnectionState>>
  store: FileStore
  /** Resolves to `later` when the upload must be retried. */
  send: (file: DueFile, bytes: ArrayBuffer) => Promise<'done' | 'later'>
  sleep: (ms: number) => Promise<void>
  /** A random number in [0, 1). */
  chance: () => number
}

/** Uploads the files of delivered messages, one after the other, while there is a connection. */
export function createUploads({ thread, connection, store, send, sleep, chance }: UploadDeps): { stop: () => void } {
  /** Keys of files that were sent or are on another device only. */
  const finished = new Set<string>()
  let running = false
  let stopped = false

  const unwatch = watch([thread, connection], () => void run(), { immediate: true })

  async function run(): Promise<void> {
    if (running)
      return
    running = true
    try {
      await sendAll()
    }
    finally {
      running = false
    }
  }

  async function sendAll(): Promise<void> {
    for (let due = next(), failures = 0; due; due = next()) {
      if (await upload(due)) {
        failures = 0
        continue
      }
      failures += 1
      await sleep(retryDelay(failures, chance()))
    }
  }

  function next(): DueFile | undefined {
    return stopped || connection.value !== 'live'
      ? undefined
      : dueFiles(thread.value).find(due => !finished.has(keyOf(due)))
  }

  async function upload(due: DueFile): Promise<boolean> {
    const bytes = await store.get(due.id)
    if (bytes && await send(due, bytes) === 'later')
      return false
    finished.add(keyOf(due))
    if (bytes)
      await store.release(due.id)
    return true
  }

  return {
    stop() {
      stopped = true
      unwatch()
    },
  }
}

/** The files that the edge waits for, in the order of their messages. */
export function dueFiles(thread: readonly ThreadEntry[]): DueFile[] {
  return thread.flatMap(({ key, pending, message }) => {
    if (pending || message.kind !== 'person' || !message.files)
      return []
    const sequence = messageSequence(key)
    return sequence === null
      ? []
      : message.files.filter(({ state }) => state === 'coming').map(({ file }) => ({ message: sequence, id: file.id }))
  })
}

function keyOf({ message, id }: DueFile): string {
  return `${message}/${id}`
}
