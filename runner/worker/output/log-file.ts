import type { LogLine, Stage } from '#shared/protocol/log.ts'
import { closeSync, openSync, writeSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { MAX_LOG_LINE_LENGTH } from '#shared/protocol/log.ts'

/** The limit of one stage's log: more than anybody reads, and small enough for disks and uploads. Characters. */
const MAX_STAGE_LENGTH = 8_000_000

const CUT = ' … (cut)'

export interface LogFile {
  append: (stage: Stage, kind: LogLine['kind'], text: string) => void
  close: () => void
}

interface LogFileOptions {
  path: string
  attempt: number
  redact: (text: string) => string
  now: () => number
}

/**
 * The Job's log with numbered lines, which are redacted before they are written. It has one writer and gets whole
 * lines only, so a reader may follow it at any time.
 */
export function openLogFile({ path, attempt, redact, now }: LogFileOptions): LogFile {
  const file = openSync(path, 'a', 0o600)
  const lengths = new Map<Stage, number>()
  let n = 0

  function write(stage: Stage, kind: LogLine['kind'], text: string): void {
    n += 1
    writeSync(file, `${JSON.stringify({ n, attempt, at: now(), stage, kind, text } satisfies LogLine)}\n`)
  }

  return {
    append(stage, kind, text) {
      let length = lengths.get(stage) ?? 0
      if (length >= MAX_STAGE_LENGTH)
        return
      for (const line of logTexts(redact(text))) {
        length += line.length
        write(stage, kind, line)
        if (length >= MAX_STAGE_LENGTH) {
          write(stage, 'error', `The log ends here: this stage said more than ${MAX_STAGE_LENGTH / 1_000_000} MB.`)
          break
        }
      }
      lengths.set(stage, length)
    },
    close: () => closeSync(file),
  }
}

/** A text as lines of a log: without colours and control characters, none empty, none too long. */
export function logTexts(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    // eslint-disable-next-line no-control-regex
    .map(line => line.replace(/[\0-\x08\v\f\x0E-\x1F\x7F]/g, '').trimEnd())
    .filter(line => line !== '')
    .map(line => line.length > MAX_LOG_LINE_LENGTH ? line.slice(0, MAX_LOG_LINE_LENGTH - CUT.length) + CUT : line)
}
