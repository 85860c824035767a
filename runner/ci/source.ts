import type { Observed, WorkflowJob } from './observed.ts'

/** Reads the checks of one repository. */
export interface CiSource {
  observe: (head: string, pull: number) => Promise<Observed>
  jobs: (run: number) => Promise<WorkflowJob[]>
  /** The end of a job's raw log; null without a log. */
  jobLog: (job: number) => Promise<string | null>
  /** Each as `path:line: message`. */
  annotations: (checkRun: number) => Promise<string[]>
}
