import type { RunningProcess } from './start-process.ts'
import { backoff } from '#shared/lib/backoff.ts'
import { sleep } from '../../runner/lib/sleep.ts'
import { aborted } from './aborted.ts'

/** The delay grows, so that a process that cannot start does not fill the screen with its errors. */
const RESTART = { firstMs: 500, maxMs: 10_000 }

/** A run of this length counts as healthy and resets the delay. */
const HEALTHY_MS = 30_000

/** Starts a process, and starts it again whenever it ends. Returns a function that stops it for good. */
export function supervise(start: () => RunningProcess, say: (line: string) => void): () => Promise<void> {
  const stop = new AbortController()
  const ended = keep(start, say, stop.signal)
  return async () => {
    stop.abort()
    await ended
  }
}

async function keep(start: () => RunningProcess, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const begun = performance.now()
    const running = start()
    const end = await Promise.race([running.exited, aborted(signal)])
    await running.stop()
    if (signal.aborted)
      return
    failures = performance.now() - begun > HEALTHY_MS ? 0 : failures
    const delayMs = backoff(RESTART, failures)
    say(`It ${end}; it is started again in ${delayMs / 1000} s.`)
    await sleep(delayMs, signal)
    failures += 1
  }
}
