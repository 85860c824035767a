import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../../lib/is-errno.ts'
import { sleep } from '../../lib/sleep.ts'

/** The folder is larger than its limit. */
export class TooLargeError extends Error {}

interface SizeLimit {
  folder: string
  maxBytes: number
  signal: AbortSignal
  /** The time between two checks. ms */
  everyMs?: number
}

/** Runs the work. If the folder outgrows its limit, aborts the work's signal and rejects with a `TooLargeError`. */
export async function withinSize<T>(
  { folder, maxBytes, signal, everyMs = 1000 }: SizeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  const stop = new AbortController()
  const check = async (): Promise<void> => {
    if ((await sizeOf(folder)) > maxBytes)
      throw new TooLargeError(`${folder} is larger than ${maxBytes} bytes`)
  }
  const watch = async (): Promise<void> => {
    while (!done.signal.aborted) {
      await check()
      await sleep(everyMs, done.signal)
    }
  }
  const watching = watch().catch((error: unknown) => stop.abort(error))
  try {
    const result = await work(AbortSignal.any([signal, stop.signal]))
    await check()
    return result
  }
  finally {
    done.abort()
    await watching
  }
}

/** The size in bytes. Files that appear or disappear meanwhile may be counted or not. */
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
