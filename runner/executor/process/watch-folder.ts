import { watch } from 'node:fs'
import { isErrno } from '../../lib/is-errno.ts'

/** No faster, however much is written: a reader then finds many lines at once. */
const MIN_WAIT_MS = 100

/** Also without a sign: a watcher may miss one, and a worker that dies gives none. */
const MAX_WAIT_MS = 1000

/**
 * Waits for something to change in a folder. `next` resolves at a
 * change since the last one, after a second anyway, and on abort.
 */
export function watchFolder(folder: string, signal: AbortSignal): { next: () => Promise<void>, close: () => void } {
  let changed = false
  let wake = (): void => {}
  const onChange = (): void => {
    changed = true
    wake()
  }
  const watcher = startWatcher(folder, onChange)
  signal.addEventListener('abort', onChange, { once: true })
  return {
    async next() {
      await wait(MIN_WAIT_MS, () => signal.aborted)
      await wait(MAX_WAIT_MS - MIN_WAIT_MS, () => changed || signal.aborted)
      changed = false
    },
    close() {
      watcher?.close()
      signal.removeEventListener('abort', onChange)
      wake()
    },
  }

  function wait(ms: number, over: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (over())
        return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        if (over()) {
          clearTimeout(timer)
          resolve()
        }
      }
    })
  }
}

/** Null when the system gives no watcher (too many, or the folder is gone): the clock alone is slower, and enough. */
function startWatcher(folder: string, onChange: () => void): ReturnType<typeof watch> | null {
  try {
    return watch(folder, { persistent: false }, onChange).on('error', onChange)
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOSPC', 'EMFILE', 'ENOTDIR'))
      return null
    throw error
  }
}
