import type { Wake } from '../../lib/wake.ts'
import type { Cluster } from './cluster.ts'
import { sleep } from '../../lib/sleep.ts'
import { createWake } from '../../lib/wake.ts'

/** A server that ends every watch at once is not asked more often. */
const RETRY_MS = 1000

/**
 * Wakes the subscribers of a Job when something about its pod may have changed. One
 * watch serves all of them, and none runs without subscribers. It is only a hint: a
 * subscriber reads the Job itself, so a broken watch costs time and falsifies nothing.
 */
export function createPodWatch(
  cluster: Pick<Cluster, 'watchPods'>,
  retryMs = RETRY_MS,
): { subscribe: (job: string) => { wait: Wake['wait'], close: () => void } } {
  const waiting = new Map<string, Set<Wake>>()
  let watching: AbortController | null = null

  return {
    subscribe(job) {
      const wake = createWake()
      const ofJob = waiting.get(job) ?? new Set()
      waiting.set(job, ofJob.add(wake))
      if (watching === null) {
        watching = new AbortController()
        void watch(watching.signal)
      }
      return {
        wait: wake.wait,
        close() {
          ofJob.delete(wake)
          if (ofJob.size === 0 && waiting.get(job) === ofJob)
            waiting.delete(job)
          if (waiting.size === 0) {
            watching?.abort()
            watching = null
          }
        },
      }
    },
  }

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // However it ended (its time was over, the server restarted, the version
      // was too old), what follows is the same: read the Jobs, and watch anew.
      await pass(signal).catch(() => undefined)
      for (const job of waiting.keys()) wakeAll(job)
      await sleep(retryMs, signal)
    }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    for await (const job of cluster.watchPods(signal)) wakeAll(job)
  }

  function wakeAll(job: string): void {
    waiting.get(job)?.forEach(wake => wake.up())
  }
}
