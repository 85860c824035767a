import type { LogLine } from '#shared/protocol/log.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { MAX_LOG_LINE_LENGTH } from '#shared/protocol/log.ts'
import { runnerUp } from '#shared/protocol/runner.ts'
import { undeliverable } from '#shared/task/undeliverable.ts'
import { cutTo } from '#shared/text/cut-to.ts'

type Report = Extract<RunnerUp, { type: 'report' }>
type Send = (frame: RunnerUp) => void

/** The connection was lost before the edge acknowledged the lines; they are sent again over the next one. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}

/** Holds the frames that the edge has not acknowledged: reports outlive a connection, log frames do not. */
export interface Outbox {
  /** A report whose event does not match the protocol becomes the failure of its task. */
  report: (report: Omit<Report, 'type'>) => void
  isReporting: (task: string) => boolean
  /**
   * Resolves with the number of the last line that the edge has; rejects with `ConnectionLostError`. Send one frame
   * per attempt at a time.
   */
  sendLog: (task: string, lines: readonly LogLine[]) => Promise<number>
  /** Called when the edge has accepted the connection; sends all reports again, oldest first. */
  online: (send: Send) => void
  offline: () => void
  /**
   * The edge ended the connection because of a frame; to be called before `offline`. The edge takes reports in order,
   * so when that repeats the oldest one that was sent may be the cause: it becomes the failure of its task, and the
   * other reports get through. If the edge does not take the failure either, the report was not the cause and stays
   * as it was. A report is never dropped, because nothing would send it again.
   */
  faulted: () => void
  acked: (frame: Extract<RunnerDown, { type: 'ack' | 'log-ack' }>) => void
}

export function createOutbox(): Outbox {
  const reports = new Map<string, Report>()
  const logs = new Map<string, PromiseWithResolvers<number>>()
  let send: Send | null = null
  let suspect: { original: Report, faults: number } | null = null

  function keep(report: Report): void {
    reports.set(report.id, report)
    send?.(report)
  }

  return {
    report: (fields) => {
      const report: Report = { type: 'report', ...fields }
      if (reports.has(report.id))
        return
      // The edge would close the connection with an invalid report, over and over, for all tasks.
      const parsed = runnerUp.safeParse(report)
      keep(parsed.success ? report : failureOf(report, z.prettifyError(parsed.error)))
    },
    faulted: () => {
      const [oldest] = reports.values()
      // Without a welcome no report was sent, and a log frame on its way may be the cause as well.
      if (!send || logs.size > 0 || !oldest)
        return
      if (suspect?.original.id !== oldest.id)
        suspect = { original: oldest, faults: 0 }
      suspect.faults += 1
      if (suspect.faults === MAX_FAULTS)
        reports.set(oldest.id, failureOf(oldest, 'The edge does not take it.'))
      else if (suspect.faults === 2 * MAX_FAULTS)
        reports.set(oldest.id, suspect.original)
    },
    isReporting: task => [...reports.values()].some(report => report.task === task),
    sendLog: async (task, lines) => {
      if (!send)
        throw new ConnectionLostError('There is no connection to the edge.')
      // Thrown here, the error is the log's own: the edge would close the connection of all tasks.
      const frame = runnerUp.parse({ type: 'log', task, lines: lines.map(cut) } satisfies RunnerUp)
      const waiting = Promise.withResolvers<number>()
      logs.set(`${task}/${must(lines[0], 'a line to send').attempt}`, waiting)
      send(frame)
      return waiting.promise
    },
    online: (to) => {
      send = to
      for (const report of reports.values())
        to(report)
    },
    offline: () => {
      send = null
      for (const waiting of logs.values())
        waiting.reject(new ConnectionLostError('The connection was lost.'))
      logs.clear()
    },
    acked: (frame) => {
      if (frame.type === 'ack') {
        reports.delete(frame.report)
        return
      }
      const key = `${frame.task}/${frame.attempt}`
      logs.get(key)?.resolve(frame.n)
      logs.delete(key)
    },
  }
}

/** Fewer may have another cause, such as a deployment of the edge. About 15 seconds, with the waits in between. */
const MAX_FAULTS = 4

/** Throws when not only the event is invalid: that is a bug of the runner. */
function failureOf(report: Report, why: string): Report {
  const failure = { ...report, event: undeliverable(report.event, why) }
  runnerUp.parse(failure)
  return failure
}

const CUT_MARK = ' … (cut)'

function cut(line: LogLine): LogLine {
  return line.text.length > MAX_LOG_LINE_LENGTH
    ? { ...line, text: cutTo(line.text, MAX_LOG_LINE_LENGTH - CUT_MARK.length) + CUT_MARK }
    : line
}
