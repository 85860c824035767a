import type { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import { splitLines } from '../../lib/split-lines.ts'

/** Well above a spec with the longest prompt. */
const MAX_INPUT_BYTES = 16_000_000

/** The first line and the end of a stream. The line rejects if the stream ends first. */
export function readInput(stream: Readable): { line: Promise<string>, ended: Promise<void> } {
  const line = Promise.withResolvers<string>()
  const ended = Promise.withResolvers<void>()
  const lines = splitLines(MAX_INPUT_BYTES)
  stream.on('data', (bytes: Buffer) => {
    const [first] = lines.push(bytes)
    if (first !== undefined)
      line.resolve(first)
  })
  const end = (): void => {
    line.reject(new Error('standard input ended before its first line'))
    ended.resolve()
  }
  stream.on('end', end)
  stream.on('error', end)
  return { line: line.promise, ended: ended.promise }
}
