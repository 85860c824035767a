import type { Octokit } from '@octokit/rest'
import type { CommentSpec, GitHubComment, IssueSpec } from './discussion.ts'
import type { RepoParams } from './repo-params.ts'
import { RequestError } from '@octokit/request-error'
import {
  commentResponse,
  commentsResponse,
  fromIssueComment,
  fromLineComment,
  fromReview,
  issueResponse,
  issuesResponse,
  lineCommentsResponse,
  permissionResponse,
  reactionsResponse,
  reviewsResponse,
} from './discussion-responses.ts'
import { isMarked, isOurs, marked } from './marker.ts'

/** GitHub's longest page. */
const PER_PAGE = 100

/** GitHub's clock and the edge's may differ by this. ms */
const CLOCK_SLACK_MS = 5 * 60_000

/** Implements `Discussion.ensureIssue`. The marker finds an issue whose response was lost. */
export async function ensureIssue(
  { rest, paginate }: Octokit,
  repo: RepoParams,
  { title, body, marker, since }: IssueSpec,
) {
  const listed = await paginate(rest.issues.listForRepo, {
    ...repo,
    state: 'all',
    since: new Date(since - CLOCK_SLACK_MS).toISOString(),
    per_page: PER_PAGE,
  })
  const found = issuesResponse.parse(listed).find(issue => isMarked(issue.body, marker))
  const { number, html_url }
    = found ?? issueResponse.parse((await rest.issues.create({ ...repo, title, body: marked(marker, body) })).data)
  return { number, url: html_url }
}

/** Implements `Discussion.ensureComment`. */
export async function ensureComment(octokit: Octokit, repo: RepoParams, { number, marker, body }: CommentSpec) {
  const { rest } = octokit
  const text = marked(marker, body)
  const found = (await comments(octokit, repo, number)).find(one => isMarked(one.body, marker))
  if (!found) {
    const made = commentResponse.parse(
      (await rest.issues.createComment({ ...repo, issue_number: number, body: text })).data,
    )
    return { id: made.id, at: made.created_at }
  }
  if (normal(found.body ?? '') !== normal(text))
    await rest.issues.updateComment({ ...repo, comment_id: found.id, body: text })
  return { id: found.id, at: found.created_at }
}

/** Implements `Discussion.ensureReplies`. A deleted comment needs no reply. */
export async function ensureReplies(
  octokit: Octokit,
  repo: RepoParams,
  { number, marker, body }: CommentSpec,
  lines: readonly number[],
): Promise<void> {
  const all = await lineComments(octokit, repo, number)
  for (const line of lines) {
    const comment = all.find(({ id }) => id === line)
    // GitHub takes replies only to the first comment of a thread.
    const root = comment?.in_reply_to_id ?? line
    const hasReply = all.some(other => other.in_reply_to_id === root && isMarked(other.body, `${marker}\n`))
    if (comment && !hasReply) {
      const reply = { ...repo, pull_number: number, comment_id: root, body: marked(marker, body) }
      const { data } = await octokit.rest.pulls.createReplyForReviewComment(reply)
      all.push(...lineCommentsResponse.parse([data]))
    }
  }
}

export async function issueComments(octokit: Octokit, repo: RepoParams, number: number): Promise<GitHubComment[]> {
  return (await comments(octokit, repo, number)).filter(({ body }) => !isOurs(body)).map(fromIssueComment)
}

export async function pullComments(octokit: Octokit, repo: RepoParams, number: number): Promise<GitHubComment[]> {
  const [conversation, lines, reviews] = await Promise.all([
    comments(octokit, repo, number),
    lineComments(octokit, repo, number),
    octokit.paginate(octokit.rest.pulls.listReviews, { ...repo, pull_number: number, per_page: PER_PAGE }),
  ])
  return [
    ...conversation.filter(({ body }) => !isOurs(body)).map(fromIssueComment),
    ...reviewsResponse.parse(reviews).filter(({ body }) => !isOurs(body)).flatMap(fromReview),
    ...lines.filter(({ body }) => !isOurs(body)).map(fromLineComment),
  ]
}

export async function mayWrite({ rest }: Octokit, repo: RepoParams, login: string): Promise<boolean> {
  try {
    const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...repo, username: login })
    return ['admin', 'write'].includes(permissionResponse.parse(data).permission)
  }
  catch (error) {
    if (error instanceof RequestError && error.status === 404)
      return false
    throw error
  }
}

export async function thumbsUp({ rest, paginate }: Octokit, repo: RepoParams, comment: number): Promise<string[]> {
  const found = await paginate(rest.reactions.listForIssueComment, {
    ...repo,
    comment_id: comment,
    content: '+1',
    per_page: PER_PAGE,
  })
  return reactionsResponse.parse(found).flatMap(({ user }) => user?.type === 'Bot' ? [] : user?.login ?? [])
}

/** Uses GraphQL, because REST has no reactions to reviews. GitHub keeps one reaction of a kind per account. */
export async function acknowledge(octokit: Octokit, nodes: readonly string[]): Promise<void> {
  for (const id of nodes)
    await octokit.graphql(EYES, { id })
}

const EYES = `mutation($id: ID!) {
  addReaction(input: { subjectId: $id, content: EYES }) { reaction { content } }
}`

async function comments({ rest, paginate }: Octokit, repo: RepoParams, number: number) {
  return commentsResponse.parse(
    await paginate(rest.issues.listComments, { ...repo, issue_number: number, per_page: PER_PAGE }),
  )
}

async function lineComments({ rest, paginate }: Octokit, repo: RepoParams, number: number) {
  return lineCommentsResponse.parse(
    await paginate(rest.pulls.listReviewComments, { ...repo, pull_number: number, per_page: PER_PAGE }),
  )
}

/** The web editor stores line ends as CRLF. */
function normal(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd()
}
