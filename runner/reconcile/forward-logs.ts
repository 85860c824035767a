import type { LogLine } from '#shared/protocol/log.ts'
import type { EdgeConnection } from '../edge-connection/edge-connection.ts'
import type { Executor, Job } from '../executor/executor.ts'
import { MAX_FRAME_BYTES } from '#shared/model/limits.ts'
import { MAX_LOG_LINES } from '#shared/protocol/runner.ts'
import { ConnectionLostError } from '../edge-connection/outbox.ts'
import { batchLines } from './batch-lines.ts'

/** A log that cannot be read after so many tries does not keep its Job for ever. */
const MAX_FAILURES = 5

/** Three bytes a character at worst. Characters. */
const MAX_BATCH_LENGTH = Math.floor(MAX_FRAME_BYTES / 3)

export interface LogDeps {
  executor: Pick<Executor, 'follow'>
  sendLog: EdgeConnection['sendLog']
  /** A log was read to its end, so its Job has probably ended. */
  ended: () => void
  failed: (job: string, error: unknown) => void
}

/** Forwards the logs of all Jobs to the edge, each from where the edge has it. */
export interface LogForwarder {
  /** Follows the Jobs that are not followed yet; call it again with every pass. */
  follow: (jobs: readonly Job[], signal: AbortSignal) => void
  /** The edge has all of it. */
  has: (job: string) => boolean
  forget: (job: string) => void
}

interface Followed {
  /** The last line that the edge has. */
  stored: number
  /** null: nobody reads it now. */
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
      // The edge has less than was believed: begin again from there with the next pass.
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
      // Nothing listens to the runner's end on its behalf any more.
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
