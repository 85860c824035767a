import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { Person } from '../job/person.ts'
import type { Discussion } from './discussion.ts'

/** A branch of a repository and what the pull request for it says. */
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
  /** The commit the pull request stands at; a person may have pushed to it. */
  head: string
  /** Closing without merging: whether that was because its branch was deleted. */
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
  /** No answer, or a 5xx that outlasted the retries. */
  = 'unreachable'
    /** A rate limit; `retryAt` says until when. */
    | 'rate-limited'
    /** The token is missing, wrong or expired. */
    | 'credential'
    /** 404: it does not exist, or the token may not see it; GitHub does not say which. */
    | 'not-found'
    /** The token sees it but may not do this. */
    | 'no-access'
    /** The repository has no commit. */
    | 'empty'
    /** Anything else GitHub refused, with its words. */
    | 'refused'

/** What GitHub would not do, as a sentence for the person that says what to do. */
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

/** The part of GitHub the runner works with. Every method rejects with a `GitHubError` and is safe to repeat. */
export interface GitHub extends Discussion {
  /** Whether the repository can be worked on: rejects with `not-found`, `no-access` (cannot push) or `empty`. */
  inspect: (repository: string) => Promise<{ defaultBranch: string }>
  /**
   * The open pull request of the branch; opened as a draft if there is none, its body brought up to date if there is.
   */
  ensurePull: (spec: PullSpec) => Promise<PullRequest>
  /** Brings what mainloop wrote there up to date; does nothing when it is no longer open. */
  updatePullText: (repository: string, number: number, body: string) => Promise<void>
  pullState: (repository: string, number: number) => Promise<PullState>
  /** Marks it ready for review; does nothing when it is. */
  markReady: (repository: string, number: number) => Promise<void>
  /** What all checks of the commit say: check runs, commit statuses and workflow runs, all pages. */
  verdict: (repository: string, head: string, pull: number) => Promise<Verdict>
  /** The person whose token works on the repository, as commits name them; null when it is no person's. */
  person: (repository: string) => Promise<Person | null>
  /** What the pull request changes, as a diff. Untrusted text. */
  changes: (repository: string, pull: number) => Promise<string>
  /** A task is over: its branch is deleted, its issue closed, and its pull request when the task was cancelled. */
  cleanUp: (what: CleanUp) => Promise<void>
}
