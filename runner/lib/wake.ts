import { sleep } from './sleep.ts'

/** Wakes one loop. A call while the loop is busy is remembered and ends the next wait at once. */
export interface Wake {
  up: () => void
  /** Resolves on a call of `up`, after `ms`, or when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export function createWake(): Wake {
  let called = new AbortController()
  return {
    up: () => called.abort(),
    wait: async (ms, signal) => {
      await sleep(ms, AbortSignal.any([signal, called.signal]))
      called = new AbortController()
    },
  }
}
