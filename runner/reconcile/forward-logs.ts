import type { LogLine } from '#shared/protocol/log.ts'
import type { EdgeConnection } from '../edge-connection/edge-connection.ts'
import type { Executor, Job } from '../executor/executor.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { MAX_LOG_LINES } from '#shared/protocol/runner.ts'
import { ConnectionLostError } from '../edge-connection/outbox.ts'
import { batchLines } from './batch-lines.ts'

/** After this many failed reads a log counts as complete, so that it does not keep its Job for ever. */
const MAX_FAILURES = 5

/** Characters; UTF-8 takes at most three bytes for each. */
const MAX_BATCH_LENGTH = Math.floor(MAX_FRAME_BYTES / 3)

export interface LogDeps {
  executor: Pick<Executor, 'follow'>
  sendLog: EdgeConnection['sendLog']
  /** A log was read to its end, so its Job has probably ended. */
  ended: () => void
  failed: (job: string, error: unknown) => void
}

/** Forwards the logs of all Jobs to the edge, each from the first line that the edge does not have. */
export interface LogForwarder {
  /** Follows the Jobs that are not followed yet; call it again with every pass. */
  follow: (jobs: readonly Job[], signal: AbortSignal) => void
  /** Whether the edge has the whole log, or the log is unreadable. */
  has: (job: string) => boolean
  forget: (job: string) => void
}

interface Followed {
  /** The number of the last line that the edge has. */
  stored: number
  /** Ends the reading under way; null between two. */
  reading: AbortController | null
  complete: boolean
  failures: number
}

export function createLogForwarder(deps: LogDeps): LogForwarder {
  const logs = new Map<string, Followed>()

  async function forward({ name, task }: Job, log: Followed, reading: AbortController): Promise<void> {
    const lines = deps.executor.follow(name, log.stored, reading.signal)
    for await (const batch of batchLines(lines, { count: MAX_LOG_LINES, length: MAX_BATCH_LENGTH })) {
      const fresh = batch.filter(({ n }) => n > log.stored)
      if (fresh.length === 0)
        continue
      log.stored = await deps.sendLog(task, fresh).catch((error: unknown) => {
        reading.abort()
        throw error
      })
      // The edge has fewer lines than expected; the next pass begins again from there.
      if (log.stored < lastOf(fresh)) {
        reading.abort()
        return
      }
    }
    log.complete = !reading.signal.aborted
    deps.ended()
  }

  async function read(job: Job, log: Followed, reading: AbortController): Promise<void> {
    try {
      await forward(job, log, reading)
    }
    catch (error) {
      if (error instanceof ConnectionLostError)
        return
      deps.failed(job.name, error)
      log.failures += 1
      log.complete = log.failures >= MAX_FAILURES
    }
    finally {
      log.reading = null
      // Removes the listener that `follow` added to the runner's signal.
      reading.abort()
    }
  }

  return {
    follow: (jobs, signal) => {
      for (const job of jobs) {
        const log = logs.get(job.name) ?? { stored: 0, reading: null, complete: false, failures: 0 }
        logs.set(job.name, log)
        if (log.reading || log.complete)
          continue
        const reading = new AbortController()
        log.reading = reading
        signal.addEventListener('abort', () => reading.abort(), { signal: reading.signal })
        void read(job, log, reading)
      }
    },
    has: job => logs.get(job)?.complete ?? false,
    forget: (job) => {
      logs.get(job)?.reading?.abort()
      logs.delete(job)
    },
  }
}

function lastOf(lines: readonly LogLine[]): number {
  return lines.at(-1)?.n ?? 0
}
