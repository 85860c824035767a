import type { RunningProcess } from './start-process.ts'
import { aborted } from './aborted.ts'
import { pause } from './pause.ts'

/** One that cannot start says so once in a while instead of filling the screen. Doubles up to the maximum. */
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 10_000

/** A run as long as this was healthy: the next start is quick again. */
const HEALTHY_MS = 30_000

/** Keeps a process running: one that ends by itself is started again. Returns how to stop it for good. */
export function supervise(start: () => RunningProcess, say: (line: string) => void): () => Promise<void> {
  const stop = new AbortController()
  const ended = keep(start, say, stop.signal)
  return async () => {
    stop.abort()
    await ended
  }
}

async function keep(start: () => RunningProcess, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  let rest = FIRST_PAUSE_MS
  while (!signal.aborted) {
    const begun = performance.now()
    const running = start()
    const end = await Promise.race([running.exited, aborted(signal)])
    await running.stop()
    if (signal.aborted)
      return
    rest = performance.now() - begun > HEALTHY_MS ? FIRST_PAUSE_MS : rest
    say(`It ${end}; it is started again in ${rest / 1000} s.`)
    await pause(rest, signal)
    rest = Math.min(rest * 2, MAX_PAUSE_MS)
  }
}
