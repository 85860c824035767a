import { watch } from 'node:fs'
import { isErrno } from '../../lib/is-errno.ts'

/** Limits the rate of `next`, so that its caller finds many new lines at once in a busy log. */
const MIN_WAIT_MS = 100

/** `next` resolves after this at the latest: a watcher may miss a change, and the death of a worker is none. */
const MAX_WAIT_MS = 1000

/** Waits for changes in a folder: `next` resolves at a change since the last call, after a second, and on abort. */
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

  function wait(ms: number, isOver: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (isOver())
        return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        if (isOver()) {
          clearTimeout(timer)
          resolve()
        }
      }
    })
  }
}

/** Returns null when the system refuses a watcher (too many, or the folder is gone); waiting by time still works. */
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
