import type { AttemptResult } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import type { LogLine } from '#shared/protocol/log.ts'
import type { JobSpec } from '../job/job-spec.ts'

export interface Job {
  name: string
  task: TaskId
  attempt: number
  /** null while it runs; a worker that vanished without a result is `failed` with kind `crashed`. */
  result: AttemptResult | null
}

/**
 * The port through which the runner starts workers. The Jobs are its only state, so a restarted runner sees the
 * same ones. Its methods reject only when the platform cannot be reached; the next pass tries again.
 */
export interface Executor {
  readonly kind: 'process' | 'kubernetes'
  /** Starts the Job. Called again with the same name it does nothing, even after the Job has ended. */
  ensure: (spec: JobSpec) => Promise<void>
  /** Lists all Jobs of mainloop, ended ones too, until they are removed. */
  list: () => Promise<Job[]>
  /** Yields the log lines with `n > after` as they arrive; ends with the Job's log, or on abort. */
  follow: (name: string, after: number, signal: AbortSignal) => AsyncIterable<LogLine>
  /** Stops the Job if it runs and removes everything of it. Removing an unknown Job succeeds. */
  remove: (name: string) => Promise<void>
}
