/** Resolves after `ms`, or as soon as the signal aborts; the caller's loop checks the signal. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted)
    return
  // Fake timers in tests replace the global `setTimeout`, but not that of `node:timers/promises`.
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
