import { Buffer } from 'node:buffer'

const NEWLINE = 10

/**
 * Splits a stream of bytes into lines. Contract: holds at most `maxBytes` of an unfinished line; a longer line
 * is dropped and counted in `skipped`. Bytes after the last newline wait for the next call.
 */
export function splitLines(maxBytes: number): { push: (bytes: Buffer) => string[], skipped: () => number } {
  let parts: Buffer[] = []
  let held = 0
  let tooLong = false
  let skipped = 0

  function hold(bytes: Buffer): void {
    if (held + bytes.length > maxBytes) {
      tooLong = true
      parts = []
      return
    }
    parts.push(bytes)
    held += bytes.length
  }

  function finish(): string[] {
    const line = tooLong ? [] : [Buffer.concat(parts).toString('utf8')]
    skipped += tooLong ? 1 : 0
    parts = []
    held = 0
    tooLong = false
    return line
  }

  return {
    push(bytes) {
      const lines: string[] = []
      let from = 0
      for (let to = bytes.indexOf(NEWLINE); to !== -1; to = bytes.indexOf(NEWLINE, from)) {
        hold(bytes.subarray(from, to))
        lines.push(...finish())
        from = to + 1
      }
      // The caller may reuse its buffer, so this is a copy.
      hold(Buffer.from(bytes.subarray(from)))
      return lines
    },
    skipped: () => skipped,
  }
}
