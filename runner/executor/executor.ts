import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Phase, TaskId } from '#shared/model/task.ts'
import type { LogLine } from '#shared/protocol/log.ts'
import type { Person } from '../job/person.ts'

/** Everything a worker needs to do one attempt, and no secret: those go to the stages that need them by the adapter. */
export interface JobSpec {
  /** `ml-<task>-<phase>-<attempt>`; the same name is the same Job. */
  name: string
  task: TaskId
  attempt: number
  phase: Phase
  /** `owner/name`. */
  repository: string
  /** null: the default branch. */
  base: string | null
  /** Checked out when it exists, else begun at `base`; the only branch that may be pushed. */
  branch: string
  title: string
  /** Whom the commit names as co-author. */
  person: Person | null
  prompt: string
  /** The workspace begins in the middle of a merge with the base, conflicts and all. */
  mergeBase: boolean
  /** null: Claude Code's default. */
  model: string | null
  budgetUsd: number
  /** The last attempt whose commit the edge knows; 0 when there is none. */
  published: number
  /** The whole Job, all stages. Seconds. */
  deadlineSeconds: number
  /** How large the workspace may be when the agent begins. */
  checkoutMb: number
}

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
  /** The Job's log lines with `n > after`, in order, as they come; ends when the Job has ended and all was read, or on abort. */
  follow: (name: string, after: number, signal: AbortSignal) => AsyncIterable<LogLine>
  /** Stops the Job if it runs and removes all of it. Removing what is not there is success. */
  remove: (name: string) => Promise<void>
}
