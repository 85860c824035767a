import type { AttemptResult } from '#shared/model/task-event.ts'
import type { PodLine } from '../../job/pod-line.ts'
import type { Log } from '../../job/stage-protocol.ts'
import { Buffer } from 'node:buffer'
import process from 'node:process'
import { logTexts } from '../output/log-file.ts'

/** A kubelet drops the beginning of a log above 10 MiB by default, and lines are numbered from there. Bytes. */
const MAX_LOG_BYTES = 8_000_000

/** Prints a stage's lines, redacted and bounded. */
export function podOutput({ redact, now, write = text => void process.stdout.write(text) }: {
  redact: (text: string) => string
  now: () => number
  write?: (text: string) => void
}): { log: Log, result: (result: AttemptResult) => void } {
  let left = MAX_LOG_BYTES

  function print(line: PodLine): void {
    write(`${JSON.stringify(line)}\n`)
  }

  return {
    log(kind, text) {
      for (const part of logTexts(redact(text))) {
        if (left <= 0)
          return
        left -= Buffer.byteLength(part)
        print({ type: 'log', at: now(), kind, text: part })
        if (left <= 0) {
          print({
            type: 'log',
            at: now(),
            kind: 'error',
            text: `The log ends here: this stage said more than ${MAX_LOG_BYTES / 1_000_000} MB.`,
          })
        }
      }
    },
    result: result => print({ type: 'result', result }),
  }
}
