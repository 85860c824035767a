import { sleep } from '../../runner/lib/sleep.ts'

/** Fast enough that nobody notices, slow enough to leave the processors to what is waited for; the rarer, the longer it took already. */
const POLL = { atLeastMs: 50, atMostMs: 400, ofWaited: 1 / 20 }

/** Waits until `look` returns something other than null or false; throws, naming what was waited for, when time is up. */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  { timeoutMs = 300_000, signal }: { timeoutMs?: number, signal?: AbortSignal } = {},
): Promise<T> {
  const begun = performance.now()
  for (let waited = 0; waited < timeoutMs; waited = performance.now() - begun) {
    const seen = await look()
    if (seen !== null && seen !== false)
      return seen
    await sleep(Math.min(Math.max(waited * POLL.ofWaited, POLL.atLeastMs), POLL.atMostMs), signal)
    signal?.throwIfAborted()
  }
  throw new Error(`After ${timeoutMs / 1000} s still waiting for: ${what}`)
}
