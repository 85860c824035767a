import type { Wake } from '../../lib/wake.ts'
import type { Cluster } from './cluster.ts'
import { sleep } from '../../lib/sleep.ts'
import { createWake } from '../../lib/wake.ts'

/** A server that ends every watch at once gets a new one at most this often. */
const RETRY_MS = 1000

/**
 * Wakes the subscribers of a Job when its pod may have changed. One watch serves all subscribers, and none runs
 * without one. A wake is only a hint: subscribers read the Job itself, so a broken watch costs time and falsifies
 * nothing.
 */
export function createPodWatch(
  cluster: Pick<Cluster, 'watchPods'>,
  retryMs = RETRY_MS,
): { subscribe: (job: string) => { wait: Wake['wait'], close: () => void } } {
  const subscribers = new Map<string, Set<Wake>>()
  let watching: AbortController | null = null

  return {
    subscribe(job) {
      const wake = createWake()
      const ofJob = subscribers.get(job) ?? new Set()
      subscribers.set(job, ofJob.add(wake))
      if (watching === null) {
        watching = new AbortController()
        void watch(watching.signal)
      }
      return {
        wait: wake.wait,
        close() {
          ofJob.delete(wake)
          if (ofJob.size === 0 && subscribers.get(job) === ofJob)
            subscribers.delete(job)
          if (subscribers.size === 0) {
            watching?.abort()
            watching = null
          }
        },
      }
    },
  }

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Any end of a watch (time is over, the server restarted, the version is too old) means the same:
      // the subscribers read their Jobs, and a new watch begins.
      await watchOnce(signal).catch(() => undefined)
      for (const job of subscribers.keys()) wakeAll(job)
      await sleep(retryMs, signal)
    }
  }

  async function watchOnce(signal: AbortSignal): Promise<void> {
    for await (const job of cluster.watchPods(signal)) wakeAll(job)
  }

  function wakeAll(job: string): void {
    subscribers.get(job)?.forEach(wake => wake.up())
  }
}
