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

/** What the edge has not acked yet: reports outlive a connection, log frames do not. */
export interface Outbox {
  /** Throws when it is not what the protocol allows. */
  report: (report: Omit<Report, 'type'>) => void
  isReporting: (task: string) => boolean
  /**
   * Resolves with the last line that the edge has; one frame a task
   * and attempt at a time. Rejects with `ConnectionLostError`.
   */
  sendLog: (task: string, lines: readonly LogLine[]) => Promise<number>
  /** The edge listens: reports go again, oldest first. */
  online: (send: Send) => void
  offline: () => void
  acked: (frame: Extract<RunnerDown, { type: 'ack' | 'log-ack' }>) => void
}

export function createOutbox(): Outbox {
  const reports = new Map<string, Report>()
  const logs = new Map<string, PromiseWithResolvers<number>>()
  let send: Send | null = null

  return {
    report: (given) => {
      const report: Report = { type: 'report', ...given }
      if (reports.has(report.id))
        return
      // One that the edge cannot read would end every connection it
      // is sent over, so it is an error here, of its task alone.
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

const CUT = ' … (cut)'

function cut(line: LogLine): LogLine {
  return line.text.length > MAX_LOG_LINE_LENGTH
    ? { ...line, text: line.text.slice(0, MAX_LOG_LINE_LENGTH - CUT.length) + CUT }
    : line
}
