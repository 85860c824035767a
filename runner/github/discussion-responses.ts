import type { GitHubComment } from './discussion.ts'
import * as z from 'zod'
import { time } from './responses.ts'

// These schemas turn GitHub's issues, comments and reviews into mainloop's types.

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
/** A review that is not submitted yet has no time; GitHub lists it for its author only. */
export const reviewsResponse = z.array(
  z.object({ id, node_id: z.string(), user: author, body: text, state: z.string(), submitted_at: time.optional() }),
)

export const permissionResponse = z.object({ permission: z.string() })
export const reactionsResponse = z.array(z.object({ user: author }))

type IssueComment = z.infer<typeof commentResponse>
type LineComment = z.infer<typeof lineCommentsResponse>[number]
type Review = z.infer<typeof reviewsResponse>[number]

export function fromIssueComment({ id, node_id, user, body, created_at }: IssueComment): GitHubComment {
  return { id: `comment:${id}`, ...commonFields(node_id, user, body), at: created_at, location: null, verdict: null }
}

export function fromLineComment(comment: LineComment): GitHubComment {
  const { id, node_id, user, body, created_at, path, line, original_line, diff_hunk } = comment
  return {
    id: `line:${id}`,
    ...commonFields(node_id, user, body),
    at: created_at,
    location: { path, line: line ?? original_line ?? null, hunk: diff_hunk },
    verdict: null,
  }
}

/** An empty list for a review that does not count. */
export function fromReview({ id, node_id, user, body, state, submitted_at }: Review): GitHubComment[] {
  const verdict = VERDICTS[state.toUpperCase()]
  return submitted_at === undefined || verdict === undefined
    ? []
    : [{ id: `review:${id}`, ...commonFields(node_id, user, body), at: submitted_at, location: null, verdict }]
}

/** Pending and dismissed reviews do not count. */
const VERDICTS: Record<string, NonNullable<GitHubComment['verdict']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
}

function commonFields(nodeId: string, user: z.infer<typeof author>, body: string | null | undefined) {
  // GitHub shows a deleted account as @ghost.
  return { nodeId, author: user?.login ?? 'ghost', isBot: user?.type === 'Bot', text: body ?? '' }
}
