import type { CommentId, Issue } from '#shared/model/task.ts'

/** Something a person or another program wrote on an issue or a pull request; never what mainloop wrote itself. */
export interface GitHubComment {
  id: CommentId
  /** What reactions are given to. */
  node: string
  by: string
  isBot: boolean
  /** ms since the epoch. */
  at: number
  text: string
  /** Of a comment on a line: where, and the lines around it. */
  location: { path: string, line: number | null, hunk: string } | null
  /** Of a review. */
  verdict: 'approved' | 'changes-requested' | 'commented' | null
}

export interface IssueSpec {
  repository: string
  title: string
  body: string
  /** How the issue is found again: its body begins with it. */
  marker: string
  /** It cannot be older. ms since the epoch. */
  since: number
}

export interface CommentSpec {
  repository: string
  /** Of the issue or the pull request. */
  number: number
  marker: string
  body: string
}

/** What is said on issues and pull requests. Every method rejects with a `GitHubError` and is safe to repeat. */
export interface Discussion {
  ensureIssue: (spec: IssueSpec) => Promise<Issue>
  /** The comment with this marker exists once and says this. Answers its id and when it was made. */
  ensureComment: (note: CommentSpec) => Promise<{ id: number, at: number }>
  /** Each of these comments on lines has one answer with this marker. */
  ensureReplies: (note: CommentSpec, lines: readonly number[]) => Promise<void>
  issueComments: (repository: string, number: number) => Promise<GitHubComment[]>
  /** Conversation, reviews and comments on lines. */
  pullComments: (repository: string, number: number) => Promise<GitHubComment[]>
  /** Whether somebody may push to the repository. */
  mayWrite: (repository: string, login: string) => Promise<boolean>
  /** Who gave a comment a thumbs up. */
  thumbsUp: (repository: string, comment: number) => Promise<string[]>
  /** Gives each of these eyes. */
  acknowledge: (repository: string, nodes: readonly string[]) => Promise<void>
}
