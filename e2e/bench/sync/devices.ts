import type { Place } from './contender.ts'
import type { Done, Order } from './device-thread.ts'
import type { WayName } from './ways.ts'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Two devices, each in a thread of its own as devices share no processor, and as warm in the last round as in the first. */
export interface Devices {
  open: (way: WayName, place: Omit<Place, 'name'>) => Promise<void>
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
    async open(way, place) {
      await a.do({ kind: 'open', way, place: { ...place, name: 'a' } })
      await b.do({ kind: 'open', way, place: { ...place, name: 'b' } })
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
    async do(order: Order): Promise<number> {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })
      thread.postMessage(order)
      const [{ at }] = await answered as [Done]
      return at
    },
    end: () => thread.terminate(),
  }
}
