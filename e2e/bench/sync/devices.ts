import type { RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import type { CommandDone, ThreadCommand } from './device-thread.ts'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Two devices, each in a thread of its own as devices share no processor, and as warm in the last round as in the first. */
export interface Devices {
  open: (contender: ContenderName, address: Omit<RoomAddress, 'name'>) => Promise<void>
  /** From the moment in which one device sends the first of these texts until the other holds all of them. ms. */
  exchange: (texts: readonly string[]) => Promise<number>
  close: () => Promise<void>
  end: () => Promise<void>
}

/** Some peers stop telling each other under load; a run says so instead of waiting for ever. ms. */
const PATIENCE_MS = 60_000

export function startDevices(): Devices {
  const [a, b] = [startThread(), startThread()]

  return {
    async open(contender, address) {
      await a.do({ kind: 'open', contender, address: { ...address, name: 'a' } })
      await b.do({ kind: 'open', contender, address: { ...address, name: 'b' } })
    },
    async exchange(texts) {
      const [seenAt, sentAt] = await Promise.all([b.do({ kind: 'await', texts }), a.do({ kind: 'send', texts })])
      return seenAt - sentAt
    },
    async close() {
      await Promise.all([a.do({ kind: 'close' }), b.do({ kind: 'close' })])
    },
    async end() {
      await Promise.all([a.end(), b.end()])
    },
  }
}

function startThread() {
  const thread = new Worker(new URL('device-thread.ts', import.meta.url))
  return {
    /** When it was done, in ms. One order at a time. */
    async do(command: ThreadCommand): Promise<number> {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })
      thread.postMessage(command)
      const [{ at }] = await answered as [CommandDone]
      return at
    },
    end: () => thread.terminate(),
  }
}
