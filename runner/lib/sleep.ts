/** Resolves after `ms`, or at once when the signal aborts: the loop around it looks at the signal. The global timer, so that tests can fake it. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted)
    return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
