import type { CommentId, Issue } from '#shared/model/task.ts'

/** A comment or review on an issue or a pull request. Mainloop's own are left out. */
export interface GitHubComment {
  id: CommentId
  /** The GraphQL id, which reactions need. */
  nodeId: string
  author: string
  isBot: boolean
  /** ms since the epoch. */
  at: number
  text: string
  /** The commented line with its diff hunk; null for other comments. */
  location: { path: string, line: number | null, hunk: string } | null
  /** The state of a review; null for other comments. */
  verdict: 'approved' | 'changes-requested' | 'commented' | null
}

export interface IssueSpec {
  repository: string
  title: string
  body: string
  /** The beginning of the body, by which the issue is found again. */
  marker: string
  /** The task's creation; the issue cannot be older. ms since the epoch. */
  since: number
}

export interface CommentSpec {
  repository: string
  /** The number of the issue or pull request. */
  number: number
  marker: string
  body: string
}

/** Issues, comments and reviews. Every method rejects with a `GitHubError` and is safe to repeat. */
export interface Discussion {
  ensureIssue: (spec: IssueSpec) => Promise<Issue>
  /** Creates or updates the one comment with the marker. Returns its id and creation time. */
  ensureComment: (note: CommentSpec) => Promise<{ id: number, at: number }>
  /** Replies once, with the marker, to each of these line comments. */
  ensureReplies: (note: CommentSpec, lines: readonly number[]) => Promise<void>
  issueComments: (repository: string, number: number) => Promise<GitHubComment[]>
  /** Comments, reviews and line comments. */
  pullComments: (repository: string, number: number) => Promise<GitHubComment[]>
  /** Whether a login may push to the repository. */
  mayWrite: (repository: string, login: string) => Promise<boolean>
  /** The people who reacted to a comment with 👍. */
  thumbsUp: (repository: string, comment: number) => Promise<string[]>
  /** Reacts to each node with 👀. */
  acknowledge: (repository: string, nodes: readonly string[]) => Promise<void>
}
