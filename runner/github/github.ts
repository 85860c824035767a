import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { CoAuthor } from '../job/co-author.ts'
import type { Discussion } from './discussion.ts'

/** A branch and the text of its pull request. */
export interface PullSpec {
  repository: string
  branch: string
  /** null: the repository's default branch. */
  base: string | null
  title: string
  body: string
}

export interface PullState {
  state: 'open' | 'merged' | 'closed'
  pull: PullRequest
  /** The head commit, which a person may have pushed. */
  head: string
  /** Whether it was closed without merging and its branch is gone. */
  branchGone: boolean
}

export interface CleanUp {
  task: string
  repository: string
  branch: string
  pull: number | null
  issue: number | null
  after: 'merged' | 'closed' | 'cancelled'
}

export type GitHubErrorKind
  /** No response, or a 5xx after all retries. */
  = 'unreachable'
    /** A rate limit, which lasts until `retryAt`. */
    | 'rate-limited'
    /** The token is missing, wrong or expired. */
    | 'credential'
    /** 404: it does not exist, or the token may not see it; GitHub does not say which. */
    | 'not-found'
    /** The token sees it but may not do this. */
    | 'no-access'
    /** The repository has no commit. */
    | 'empty'
    /** Any other refusal, with GitHub's message. */
    | 'refused'

/** Its message is a sentence for the person that says what to do. */
export class GitHubError extends Error {
  readonly kind: GitHubErrorKind
  /** ms since the epoch; null when GitHub did not say. */
  readonly retryAt: number | null

  constructor(kind: GitHubErrorKind, message: string, options: { retryAt?: number | null, cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'GitHubError'
    this.kind = kind
    this.retryAt = options.retryAt ?? null
  }
}

/** The port to GitHub. Every method rejects with a `GitHubError` and is safe to repeat. */
export interface GitHub extends Discussion {
  /** Checks that tasks can work on the repository: rejects with `not-found`, `no-access` (cannot push) or `empty`. */
  inspect: (repository: string) => Promise<{ defaultBranch: string }>
  /** Opens a draft pull request for the branch, or updates the body of the open one. */
  ensurePull: (spec: PullSpec) => Promise<PullRequest>
  /** Updates mainloop's part of the body. Does nothing once the pull request is closed. */
  updatePullText: (repository: string, number: number, body: string) => Promise<void>
  pullState: (repository: string, number: number) => Promise<PullState>
  /** Marks it ready for review. Does nothing if it is. */
  markReady: (repository: string, number: number) => Promise<void>
  /** The verdict of all check runs, commit statuses and workflow runs of the commit. */
  verdict: (repository: string, head: string, pull: number) => Promise<Verdict>
  /** The owner of the token, as commits name people; null if the token is not a person's. */
  tokenOwner: (repository: string) => Promise<CoAuthor | null>
  /** The diff of the pull request, which is untrusted text. */
  changes: (repository: string, pull: number) => Promise<string>
  /** Deletes the branch and closes the issue of an ended task, and the pull request of a cancelled one. */
  cleanUp: (what: CleanUp) => Promise<void>
}
