import type { DraftGuard } from './draft-guards.ts'

/** A check run of any app. `status` and `conclusion` are GitHub's strings, whose set has grown before. */
export interface CheckRun {
  /** Ids grow, so the highest of a name is the newest. Queued runs have no times to compare. */
  id: number
  name: string
  app: string | null
  /** The check suite, which a workflow run shares with its check runs. */
  suite: number | null
  status: string
  conclusion: string | null
  url: string | null
  /** The app's title, summary and text. */
  report: string
}

export interface CommitStatus {
  id: number
  context: string
  state: string
  description: string | null
  url: string | null
}

export interface WorkflowRun {
  id: number
  name: string
  /** The path of the workflow file. */
  path: string
  workflow: number
  event: string
  suite: number | null
  status: string | null
  conclusion: string | null
  url: string
}

export interface WorkflowJob {
  id: number
  name: string
  conclusion: string | null
  url: string | null
  failingSteps: string[]
}

/** GitHub's checks of one commit of a pull request, all pages. */
export interface Observed {
  checkRuns: CheckRun[]
  statuses: CommitStatus[]
  workflowRuns: WorkflowRun[]
  /** Null while GitHub computes it, or if the head of the pull request is another commit. */
  mergeable: boolean | null
  base: string
  /** Names of the checks that the base branch requires for merging. */
  required: string[]
  /** By the path of a workflow: the names of its jobs that skip drafts, and of those that need one. */
  draftGuards: ReadonlyMap<string, readonly DraftGuard[]>
  /** ms since the epoch, as is `openedAt` of the pull request. */
  committedAt: number
  openedAt: number
}
