import type { LogLine } from '#shared/protocol/log.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import { must } from '#shared/lib/must.ts'
import { MAX_LOG_LINE_LENGTH } from '#shared/protocol/log.ts'
import { runnerUp } from '#shared/protocol/runner.ts'

type Report = Extract<RunnerUp, { type: 'report' }>
type Send = (frame: RunnerUp) => void

/** The connection was lost before the edge acknowledged the lines; they are sent again over the next one. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
}

/** Holds the frames that the edge has not acknowledged: reports outlive a connection, log frames do not. */
export interface Outbox {
  /** Throws when the report does not match the protocol. */
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
  acked: (frame: Extract<RunnerDown, { type: 'ack' | 'log-ack' }>) => void
}

export function createOutbox(): Outbox {
  const reports = new Map<string, Report>()
  const logs = new Map<string, PromiseWithResolvers<number>>()
  let send: Send | null = null

  return {
    report: (fields) => {
      const report: Report = { type: 'report', ...fields }
      if (reports.has(report.id))
        return
      // The edge closes a connection with an invalid report, and it would be sent again over the next one.
      // Thrown here, the error stays with its task.
      runnerUp.parse(report)
      reports.set(report.id, report)
      send?.(report)
    },
    isReporting: task => [...reports.values()].some(report => report.task === task),
    sendLog: async (task, lines) => {
      if (!send)
        throw new ConnectionLostError('There is no connection to the edge.')
      const waiting = Promise.withResolvers<number>()
      logs.set(`${task}/${must(lines[0], 'a line to send').attempt}`, waiting)
      send({ type: 'log', task, lines: lines.map(cut) })
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

const CUT_MARK = ' … (cut)'

function cut(line: LogLine): LogLine {
  return line.text.length > MAX_LOG_LINE_LENGTH
    ? { ...line, text: line.text.slice(0, MAX_LOG_LINE_LENGTH - CUT_MARK.length) + CUT_MARK }
    : line
}
