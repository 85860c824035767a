import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../../lib/is-errno.ts'
import { sleep } from '../../lib/sleep.ts'

/** The folder holds more than it may. */
export class TooLargeError extends Error {}

interface Bound {
  folder: string
  maxBytes: number
  signal: AbortSignal
  /** How long between two looks. ms */
  everyMs?: number
}

/**
 * Does the work unless the folder outgrows its bound: rejects
 * with `TooLargeError`, and the signal the work was given aborts.
 */
export async function withinSize<T>(
  { folder, maxBytes, signal, everyMs = 1000 }: Bound,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  const stop = new AbortController()
  const look = async (): Promise<void> => {
    if ((await sizeOf(folder)) > maxBytes)
      throw new TooLargeError(`${folder} is larger than ${maxBytes} bytes`)
  }
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted) {
      await look()
      await sleep(everyMs, done.signal)
    }
  }
  const watching = watch().catch((error: unknown) => stop.abort(error))
  try {
    const result = await work(AbortSignal.any([signal, stop.signal]))
    await look()
    return result
  }
  finally {
    done.abort()
    await watching
  }
}

/** What comes and goes meanwhile may be counted or not. */
async function sizeOf(path: string): Promise<number> {
  try {
    const found = await lstat(path)
    if (!found.isDirectory())
      return found.size
    let size = 0
    for (const name of await readdir(path))
      size += await sizeOf(join(path, name))
    return size
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return 0
    throw error
  }
}
