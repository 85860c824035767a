import type { Observed, WorkflowJob } from './observed.ts'

/** Where the checks of one repository are read. */
export interface CiSource {
  observe: (head: string, pull: number) => Promise<Observed>
  jobs: (run: number) => Promise<WorkflowJob[]>
  /** The end of a job's raw log; null when there is none. */
  jobLog: (job: number) => Promise<string | null>
  /** Each as `path:line: what`. */
  annotations: (checkRun: number) => Promise<string[]>
}
