import { sleep } from '../../runner/lib/sleep.ts'

/** The delay between polls grows with the time waited, so that polling leaves the processors to the awaited work. */
const POLL = { minMs: 50, maxMs: 400, shareOfWaited: 1 / 20 }

/** Polls until `read` returns something other than null or false. Throws an error with `goal` after `timeoutMs`. */
export async function waitUntil<T>(
  goal: string,
  read: () => Promise<T | null | false> | T | null | false,
  { timeoutMs = 300_000, signal }: { timeoutMs?: number, signal?: AbortSignal } = {},
): Promise<T> {
  const begun = performance.now()
  for (let waited = 0; waited < timeoutMs; waited = performance.now() - begun) {
    const result = await read()
    if (result !== null && result !== false)
      return result
    await sleep(Math.min(Math.max(waited * POLL.shareOfWaited, POLL.minMs), POLL.maxMs), signal)
    signal?.throwIfAborted()
  }
  throw new Error(`After ${timeoutMs / 1000} s still waiting for: ${goal}`)
}
