import { setTimeout } from 'node:timers/promises'

/** Ends after `ms`, or at once when the signal aborts: the loop around it looks at the signal. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal })
  }
  catch (error) {
    if (!signal?.aborted)
      throw error
  }
}
