/** Ends after `ms`, or at once when the signal aborts: the loop around it looks at the signal. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted)
    return
  // Not the one of `node:timers/promises`: fake timers of tests stand in for the global one only.
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
