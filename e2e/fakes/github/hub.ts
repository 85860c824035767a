import type { Links } from './links.ts'
import type { Comment, CommitStatus, ExternalCheck, Issue, Label, LineComment, Pull, Repository, Review, State, User, WorkflowRun } from './state.ts'

export type GitHubEvent
  = | { type: 'push', repository: Repository, branch: string, before: string | null, after: string | null, by: User }
    | {
      type: 'pull'
      action: 'opened' | 'edited' | 'synchronize' | 'ready_for_review' | 'reopened' | 'closed' | 'labeled'
      repository: Repository
      pull: Pull
      /** The label that was added, for `labeled`. */
      label?: Label
      /** The previous commit of its branch, when that moved or was deleted. */
      before?: string
    }
    | { type: 'comment', repository: Repository, issue: Pull | Issue, comment: Comment }
    | { type: 'review', repository: Repository, pull: Pull, review: Review, comments: LineComment[] }
    | { type: 'run', repository: Repository, run: WorkflowRun }
    | { type: 'check', repository: Repository, check: ExternalCheck }
    | { type: 'status', repository: Repository, status: CommitStatus }

export type Listener = (event: GitHubEvent) => void | Promise<void>

/** State, clock and events that all parts of the fake share. */
export interface Hub {
  state: State
  links: Links
  now: () => Date
  /** Numbers of API requests. GitHub does not count those with a 304 response ("unchanged") against the rate limit. */
  requests: { counted: number, unchanged: number }
  /** Resolves when every listener has handled the event, so that a push ends only after its consequences exist. */
  emit: (event: GitHubEvent) => Promise<void>
  /** Returns a function that removes the listener. */
  listen: (listener: Listener) => () => void
  /** Records a request or response that contradicts GitHub's description. */
  violation: (message: string) => void
}

/** A test fails at the first violation; the limit keeps a long demo from filling its memory. */
const MAX_VIOLATIONS = 1000

export function createHub({ state, links, now, violations }: Pick<Hub, 'state' | 'links' | 'now'> & { violations: string[] }): Hub {
  const listeners = new Set<Listener>()
  return {
    state,
    links,
    now,
    requests: { counted: 0, unchanged: 0 },
    async emit(event) {
      for (const listener of listeners)
        await listener(event)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    violation(message) {
      if (violations.length < MAX_VIOLATIONS)
        violations.push(message)
    },
  }
}
