import type { CommentId, ReviewComment } from '#shared/model/task.ts'
import type { GitHubComment } from '../github/discussion.ts'
import { MAX_FEEDBACK_LENGTH } from '#shared/model/limits.ts'
import { cutTo } from '#shared/text/cut-to.ts'

/** New comments on a pull request, sorted by their effect. */
export interface ReviewBatch {
  /** Requests for one attempt. */
  feedback: ReviewComment[]
  /** Comments that request nothing, or whose author may not push. */
  ignored: CommentId[]
}

export interface BatchDeps {
  /** Comments that the task has already taken in. */
  handled: readonly CommentId[]
  /** Logins that may push to the repository. */
  writers: ReadonlySet<string>
  now: number
  /** The time to wait for more comments after the last one: reviewers write one after the other. */
  quietMs: number
}

/** The limits of the `feedback` and `heard` reports. Comments, and characters of one. */
const MAX_COMMENTS = 100
const MAX_TEXT = 16_000

/** Sorts the new comments. Null while more may follow. */
export function reviewBatch(
  comments: readonly GitHubComment[],
  { handled, writers, now, quietMs }: BatchDeps,
): ReviewBatch | null {
  const known = new Set(handled)
  const fresh = comments.filter(({ id }) => !known.has(id))
  const wanted = fresh.filter(comment => !comment.isBot && writers.has(comment.author) && asksSomething(comment, fresh))
  // GitHub's clock may be ahead, so a time in the future counts as now.
  if (wanted.some(({ at }) => now - Math.min(at, now) < quietMs))
    return null
  const asked = new Set(wanted.map(({ id }) => id))
  return {
    feedback: fittingComments(wanted),
    ignored: fresh
      .filter(({ id }) => !asked.has(id))
      .slice(0, MAX_COMMENTS)
      .map(({ id }) => id),
  }
}

/** The first comments that fit one report together. The rest stay new, so the next report has them. */
function fittingComments(wanted: readonly GitHubComment[]): ReviewComment[] {
  let left = MAX_FEEDBACK_LENGTH
  return wanted
    .slice(0, MAX_COMMENTS)
    .map(comment => ({ id: comment.id, text: cutTo(asText(comment), MAX_TEXT) }))
    .filter(({ text }) => (left -= text.length) >= 0)
}

/** The distinct authors of new comments, without bots. Each costs a request for the author's permissions. */
export function newAuthors(comments: readonly GitHubComment[], handled: readonly CommentId[]): string[] {
  const known = new Set(handled)
  return [...new Set(comments.filter(({ id, isBot }) => !known.has(id) && !isBot).map(({ author }) => author))]
}

/** Matches praise alone; text with anything else in it is a request. */
const PRAISE
  = /^(?:\W|lgtm|looks? (?:good|great|fine)(?: to me)?|thanks?(?: you)?|thx|ship it|nice|great|perfect|good job|well done|approved?|(?:very|so) (?:nice|good)|work)*$/i

function asksSomething({ text, verdict, author, at }: GitHubComment, fresh: readonly GitHubComment[]): boolean {
  if (text.trim() !== '')
    return !PRAISE.test(text.trim())
  // "Changes requested" without text stands for the comments of the review, or if there are none, for another review.
  const hasLineComments = fresh.some(other => other.location !== null && other.author === author && other.at <= at)
  return verdict === 'changes-requested' && !hasLineComments
}

function asText({ author, text, location, verdict }: GitHubComment): string {
  const how = verdict === 'changes-requested' ? ' requested changes' : ''
  const where = location === null ? '' : ` on ${location.path}${location.line === null ? '' : `:${location.line}`}`
  const lines = location === null ? '' : `\n\n${location.hunk.split('\n').slice(-MAX_HUNK_LINES).join('\n')}`
  return `@${author}${how}${where}:${lines}\n\n${text.trim() || NO_WORDS}`
}

const NO_WORDS = 'No words. Read the change again as a critical reviewer would, and improve what you find.'

/** A hunk ends with the line that the comment is on. */
const MAX_HUNK_LINES = 12
