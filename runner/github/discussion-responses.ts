import type { GitHubComment } from './discussion.ts'
import * as z from 'zod'
import { time } from './responses.ts'

// GitHub's responses about issues, comments and reviews, each parsed into our own types where it arrives.

const id = z.number().int()
const text = z.string().nullish()
const author = z.object({ login: z.string(), type: z.string().optional() }).nullish()

export const issueResponse = z.object({ number: id, html_url: z.string(), body: text, state: z.string() })
export const issuesResponse = z.array(issueResponse)

export const commentResponse = z.object({ id, node_id: z.string(), user: author, body: text, created_at: time })
export const commentsResponse = z.array(commentResponse)
export const lineCommentsResponse = z.array(commentResponse.extend({
  path: z.string(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
  diff_hunk: z.string(),
  in_reply_to_id: id.optional(),
}))
/** A review that is still being written has no time, and is shown to its author only. */
export const reviewsResponse = z.array(
  z.object({ id, node_id: z.string(), user: author, body: text, state: z.string(), submitted_at: time.optional() }),
)

export const permissionResponse = z.object({ permission: z.string() })
export const reactionsResponse = z.array(z.object({ user: author }))

export function fromIssueComment({ id, node_id, user, body, created_at }: z.infer<typeof commentResponse>): GitHubComment {
  return { id: `comment:${id}`, ...said(node_id, user, body), at: created_at, location: null, verdict: null }
}

export function fromLineComment({
  id,
  node_id,
  user,
  body,
  created_at,
  path,
  line,
  original_line,
  diff_hunk,
}: z.infer<typeof lineCommentsResponse>[number]): GitHubComment {
  return {
    id: `line:${id}`,
    ...said(node_id, user, body),
    at: created_at,
    location: { path, line: line ?? original_line ?? null, hunk: diff_hunk },
    verdict: null,
  }
}

export function fromReview({
  id,
  node_id,
  user,
  body,
  state,
  submitted_at,
}: z.infer<typeof reviewsResponse>[number]): GitHubComment[] {
  const verdict = VERDICTS[state.toUpperCase()]
  return submitted_at === undefined || verdict === undefined
    ? []
    : [{ id: `review:${id}`, ...said(node_id, user, body), at: submitted_at, location: null, verdict }]
}

/** Neither a pending nor a dismissed review says anything. */
const VERDICTS: Record<string, NonNullable<GitHubComment['verdict']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
}

function said(node: string, user: z.infer<typeof author>, body: string | null | undefined) {
  // An account that was deleted is nobody's.
  return { node, by: user?.login ?? 'ghost', isBot: user?.type === 'Bot', text: body ?? '' }
}
