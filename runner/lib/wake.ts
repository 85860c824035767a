import { sleep } from './sleep.ts'

/** Wakes one loop. A call that comes while the loop is busy is remembered, so that nothing is slept through. */
export interface Wake {
  up: () => void
  /** Ends when woken, after `ms`, or when the signal aborts. */
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
