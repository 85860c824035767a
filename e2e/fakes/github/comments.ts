import type { Hub } from './hub.ts'
import type { Comment, Issue, LineComment, Pull, Reaction, Repository, Review, User } from './state.ts'
import { notFound } from './api-error.ts'
import { newId, nextNumber } from './state.ts'

/** Comments of the conversation belong to issues and pull requests alike: to GitHub a pull request is an issue. */
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

export async function addComment(hub: Hub, repository: Repository, on: Pull | Issue, { user, body }: { user: User, body: string }): Promise<Comment> {
  const now = hub.now()
  const comment: Comment = { id: newId(hub.state), user, body, createdAt: now, updatedAt: now, reactions: [] }
  on.comments.push(comment)
  on.updatedAt = now
  await hub.emit({ type: 'comment', repository, on, comment })
  return comment
}

export function findComment({ pulls, issues }: Repository, id: number): { on: Pull | Issue, comment: Comment } {
  for (const on of [...pulls, ...issues]) {
    const comment = on.comments.find(one => one.id === id)
    if (comment)
      return { on, comment }
  }
  throw notFound()
}

export interface ReviewGiven {
  user: User
  body: string
  state: Review['state']
  lines: { path: string, line: number, body: string }[]
}

/** A review arrives whole: its comments on lines with it. */
export async function addReview(hub: Hub, repository: Repository, pull: Pull, { user, body, state, lines }: ReviewGiven): Promise<Review> {
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

/** GitHub answers in a thread only at its first comment. */
export function addReply(hub: Hub, pull: Pull, { user, body, to }: { user: User, body: string, to: number }): LineComment {
  const root = pull.lineComments.find(({ id, inReplyTo }) => id === to && inReplyTo === null)
  if (!root)
    throw notFound()
  const now = hub.now()
  const reply: LineComment = { ...root, id: newId(hub.state), user, body, createdAt: now, updatedAt: now, reactions: [], reviewId: null, inReplyTo: root.id }
  pull.lineComments.push(reply)
  return reply
}

/** The same reaction of the same person is one. */
export function react(hub: Hub, reactions: Reaction[], user: User, content: Reaction['content']): Reaction {
  const given = reactions.find(one => one.user === user && one.content === content)
  if (given)
    return given
  const reaction: Reaction = { id: newId(hub.state), user, content, createdAt: hub.now() }
  reactions.push(reaction)
  return reaction
}
