/**
 * A check run of any app. The status and the conclusion are GitHub's words; the set of conclusions has grown before.
 */
export interface CheckRun {
  /** Ids grow, so the highest of a name is the newest; times of queued ones are missing. */
  id: number
  name: string
  app: string | null
  /** Joins the check runs of a workflow run to it. */
  suite: number | null
  status: string
  conclusion: string | null
  url: string | null
  /** What the app wrote about it: title, summary and text. */
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
  /** The workflow's file. */
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

/** Everything that GitHub says about one commit of a pull request, all pages. */
export interface Observed {
  checkRuns: CheckRun[]
  statuses: CommitStatus[]
  workflowRuns: WorkflowRun[]
  /** null: GitHub has not found out yet, or the pull request stands at another commit. */
  mergeable: boolean | null
  base: string
  /** Names of the checks without which the base branch's rules let nothing be merged. */
  required: string[]
  /** When the commit and the pull request were made. ms since the epoch. */
  committedAt: number
  openedAt: number
}
