import type { Links } from './links.ts'
import type { Comment, CommitStatus, ExternalCheck, Issue, LineComment, Pull, Repository, Review, State, User, WorkflowRun } from './state.ts'

export type GitHubEvent
  = | { type: 'push', repository: Repository, branch: string, before: string | null, after: string | null, by: User }
    | {
      type: 'pull'
      action: 'opened' | 'edited' | 'synchronize' | 'ready_for_review' | 'reopened' | 'closed'
      repository: Repository
      pull: Pull
      /** Where its branch stood. */ before?: string
    }
    | { type: 'comment', repository: Repository, on: Pull | Issue, comment: Comment }
    | { type: 'review', repository: Repository, pull: Pull, review: Review, comments: LineComment[] }
    | { type: 'run', repository: Repository, run: WorkflowRun }
    | { type: 'check', repository: Repository, check: ExternalCheck }
    | { type: 'status', repository: Repository, status: CommitStatus }

export type Listener = (event: GitHubEvent) => void | Promise<void>

/** What the parts of the fake share. */
export interface Hub {
  state: State
  links: Links
  now: () => Date
  /** How many were asked: those that GitHub counts, and those answered with "not modified", which it does not. */
  requests: { counted: number, unchanged: number }
  /** Settles when every listener has taken the event in, so that what follows from a push is there when the push ends. */
  emit: (event: GitHubEvent) => Promise<void>
  listen: (listener: Listener) => () => void
  /** Something was asked of the fake that GitHub does not have, or answered that GitHub would not. */
  violation: (what: string) => void
}

/** A test fails at the first; a demo must not fill its memory with them. */
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
    violation(what) {
      if (violations.length < MAX_VIOLATIONS)
        violations.push(what)
    },
  }
}
