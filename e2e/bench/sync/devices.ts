import type { RoomAddress } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import type { CommandDone, ThreadCommand } from './device-thread.ts'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Two devices, each in a thread of its own because real devices share no processor. The threads stay warm between rounds. */
export interface Devices {
  open: (contender: ContenderName, address: Omit<RoomAddress, 'name'>) => Promise<void>
  /** Milliseconds from the moment when one device sends the first of these texts until the other has all of them. */
  exchange: (texts: readonly string[]) => Promise<number>
  close: () => Promise<void>
  end: () => Promise<void>
}

/** Some peers stop syncing under load; then the run fails instead of waiting for ever. */
const COMMAND_TIMEOUT_MS = 60_000

export function startDevices(): Devices {
  const [a, b] = [startThread(), startThread()]

  return {
    async open(contender, address) {
      await a.do({ kind: 'open', contender, address: { ...address, name: 'a' } })
      await b.do({ kind: 'open', contender, address: { ...address, name: 'b' } })
    },
    async exchange(texts) {
      const [arrivedAt, sentAt] = await Promise.all([b.do({ kind: 'await', texts }), a.do({ kind: 'send', texts })])
      return arrivedAt - sentAt
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
    /** Resolves with the time of the command's effect, in ms. Only one command at a time. */
    async do(command: ThreadCommand): Promise<number> {
      const answered = once(thread, 'message', { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) })
      thread.postMessage(command)
      const [{ at }] = await answered as [CommandDone]
      return at
    },
    end: () => thread.terminate(),
  }
}
