import type { FileHandle } from 'node:fs/promises'
import type { LogLine } from '#shared/protocol/log.ts'
import { Buffer } from 'node:buffer'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { logLine } from '#shared/protocol/log.ts'
import { isErrno } from '../../lib/is-errno.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { watchFolder } from './watch-folder.ts'

const CHUNK_BYTES = 65_536

/** The worker's own lines have at most a few kB; a longer line is not the worker's. */
const MAX_LINE_BYTES = 1_000_000

/** Yields the lines with `n > after` in bounded memory, until `ended` and everything was read, or until abort. */
export async function* followLog({ path, after, ended, signal }: {
  path: string
  after: number
  ended: () => Promise<boolean>
  signal: AbortSignal
}): AsyncGenerator<LogLine> {
  const lines = splitLines(MAX_LINE_BYTES)
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  const changes = watchFolder(dirname(path), signal)
  let file: FileHandle | null = null
  try {
    while (!signal.aborted) {
      // Asked before reading: after the end nothing more is written, so the next reading is complete.
      const isLast = await ended()
      file ??= await openIfThere(path)
      for (let bytes = await read(); bytes.length > 0; bytes = await read()) {
        for (const text of lines.push(bytes)) {
          const line = parseAfter(text, after)
          if (line !== null)
            yield line
          if (signal.aborted)
            return
        }
      }
      if (isLast)
        return
      await changes.next()
    }
  }
  finally {
    changes.close()
    await file?.close()
  }

  async function read(): Promise<Buffer> {
    const { bytesRead } = await file?.read(buffer, 0, CHUNK_BYTES) ?? { bytesRead: 0 }
    return buffer.subarray(0, bytesRead)
  }
}

/** Returns null up to `after` and for foreign lines. The number comes first, so that skipped lines are not parsed. */
function parseAfter(text: string, after: number): LogLine | null {
  const n = Number(/^\{"n":(\d+),/.exec(text)?.[1] ?? 0)
  return n > after ? logLine.parse(JSON.parse(text)) : null
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path)
  }
  catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR'))
      return null
    throw error
  }
}
