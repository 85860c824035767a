import { setTimeout as sleep } from 'node:timers/promises'

/** Fast enough that nobody notices, slow enough to leave the processors to what is waited for. */
const POLL_MS = 50

/** Waits until `look` returns something other than null or false; throws, naming what was waited for, when time is up. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  { timeoutMs = 120_000, signal }: { timeoutMs?: number, signal?: AbortSignal } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs
  while (performance.now() < end) {
    const seen = await look()
    if (seen !== null && seen !== false)
      return seen
    await sleep(POLL_MS, undefined, { signal })
  }
  throw new Error(`After ${timeoutMs / 1000} s still waiting for: ${what}`)
}
