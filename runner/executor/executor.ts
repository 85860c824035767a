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
 * Where workers run. Keeps no state but the Jobs themselves, so any number of runner restarts see the same.
 * Rejects only when the platform cannot be reached; the next pass tries again.
 */
export interface Executor {
  readonly kind: 'process' | 'kubernetes'
  /** Makes the Job exist. Called again with the same name it does nothing, also when the Job has ended. */
  ensure: (spec: JobSpec) => Promise<void>
  /** All Jobs of ours, ended ones included, until removed. */
  list: () => Promise<Job[]>
  /**
   * The Job's log lines with `n > after`, in order, as they come;
   * ends when the Job has ended and all was read, or on abort.
   */
  follow: (name: string, after: number, signal: AbortSignal) => AsyncIterable<LogLine>
  /** Stops the Job if it runs and removes all of it. Removing what is not there is success. */
  remove: (name: string) => Promise<void>
}
