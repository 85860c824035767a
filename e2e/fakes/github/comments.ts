import type { Hub } from './hub.ts'
import type { Comment, Issue, LineComment, Pull, Reaction, Repository, Review, User } from './state.ts'
import { notFound } from './api-error.ts'
import { newId, nextNumber } from './state.ts'

/** Throws 404. To GitHub a pull request is an issue, so both take the same comments. */
export function findIssueOrPull({ pulls, issues }: Repository, number: number): Pull | Issue {
  const found = [...pulls, ...issues].find(one => one.number === number)
  if (!found)
    throw notFound()
  return found
}

export function openIssue(hub: Hub, repository: Repository, { title, body, user }: { title: string, body: string | null, user: User }): Issue {
  const now = hub.now()
  const issue: Issue = {
    id: newId(hub.state),
    number: nextNumber(repository),
    title,
    body,
    state: 'open',
    stateReason: null,
    user,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
  }
  repository.issues.push(issue)
  return issue
}

export async function addComment(hub: Hub, repository: Repository, issue: Pull | Issue, { user, body }: { user: User, body: string }): Promise<Comment> {
  const now = hub.now()
  const comment: Comment = { id: newId(hub.state), user, body, createdAt: now, updatedAt: now, reactions: [] }
  issue.comments.push(comment)
  issue.updatedAt = now
  await hub.emit({ type: 'comment', repository, issue, comment })
  return comment
}

/** Throws 404. */
export function findComment({ pulls, issues }: Repository, id: number): { issue: Pull | Issue, comment: Comment } {
  for (const issue of [...pulls, ...issues]) {
    const comment = issue.comments.find(one => one.id === id)
    if (comment)
      return { issue, comment }
  }
  throw notFound()
}

export interface NewReview {
  user: User
  body: string
  state: Review['state']
  lines: { path: string, line: number, body: string }[]
}

/** Adds a review together with its comments on lines, in one event. */
export async function addReview(hub: Hub, repository: Repository, pull: Pull, { user, body, state, lines }: NewReview): Promise<Review> {
  const now = hub.now()
  const review: Review = { id: newId(hub.state), user, body, state, sha: pull.head.sha, submittedAt: now, reactions: [] }
  const comments = lines.map(({ path, line, body }): LineComment => ({
    id: newId(hub.state),
    user,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    reviewId: review.id,
    inReplyTo: null,
    path,
    line,
    hunk: `@@ -${line},1 +${line},1 @@`,
    sha: pull.head.sha,
  }))
  pull.reviews.push(review)
  pull.lineComments.push(...comments)
  pull.updatedAt = now
  await hub.emit({ type: 'review', repository, pull, review, comments })
  return review
}

/** Replies in a thread. Throws 404 unless `to` is the thread's first comment: GitHub takes no replies to replies. */
export function addReply(hub: Hub, pull: Pull, { user, body, to }: { user: User, body: string, to: number }): LineComment {
  const root = pull.lineComments.find(({ id, inReplyTo }) => id === to && inReplyTo === null)
  if (!root)
    throw notFound()
  const now = hub.now()
  const reply: LineComment = { ...root, id: newId(hub.state), user, body, createdAt: now, updatedAt: now, reactions: [], reviewId: null, inReplyTo: root.id }
  pull.lineComments.push(reply)
  return reply
}

/** Adds a reaction; a person's second reaction with the same content returns the first. */
export function react(hub: Hub, reactions: Reaction[], user: User, content: Reaction['content']): Reaction {
  const existing = reactions.find(one => one.user === user && one.content === content)
  if (existing)
    return existing
  const reaction: Reaction = { id: newId(hub.state), user, content, createdAt: hub.now() }
  reactions.push(reaction)
  return reaction
}
