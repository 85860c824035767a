import type { CommentId, ReviewComment } from '#shared/model/task.ts'
import type { GitHubComment } from '../github/discussion.ts'

/** What is to be done about the remarks on a pull request. */
export interface ReviewBatch {
  /** Become one attempt. */
  feedback: ReviewComment[]
  /** Ask for nothing, or come from somebody who may not ask. */
  ignored: CommentId[]
}

export interface BatchDeps {
  heard: readonly CommentId[]
  /** Who may push to the repository. */
  writers: ReadonlySet<string>
  now: number
  /** After the last remark more may follow: a reviewer writes one comment after the other. */
  quietMs: number
}

/** As the wire allows. */
const MAX_COMMENTS = 100
const MAX_TEXT = 16_000

/** Sorts what is new; null while more may follow. */
export function reviewBatch(
  remarks: readonly GitHubComment[],
  { heard, writers, now, quietMs }: BatchDeps,
): ReviewBatch | null {
  const known = new Set(heard)
  const fresh = remarks.filter(({ id }) => !known.has(id))
  const wanted = fresh.filter(remark => !remark.isBot && writers.has(remark.by) && asksSomething(remark, fresh))
  // A time from the future is another clock's.
  if (wanted.some(({ at }) => now - Math.min(at, now) < quietMs))
    return null
  const feedback = wanted.slice(0, MAX_COMMENTS)
  const asked = new Set(wanted.map(({ id }) => id))
  return {
    feedback: feedback.map(remark => ({ id: remark.id, text: asText(remark).slice(0, MAX_TEXT) })),
    ignored: fresh
      .filter(({ id }) => !asked.has(id))
      .slice(0, MAX_COMMENTS)
      .map(({ id }) => id),
  }
}

/** Who wrote what is new, without programs: who of them may write is asked once each. */
export function newAuthors(remarks: readonly GitHubComment[], heard: readonly CommentId[]): string[] {
  const known = new Set(heard)
  return [...new Set(remarks.filter(({ id, isBot }) => !known.has(id) && !isBot).map(({ by }) => by))]
}

/** Nothing but praise. With anything else in it, it is a wish. */
const PRAISE
  = /^(?:\W|lgtm|looks? (?:good|great|fine)(?: to me)?|thanks?(?: you)?|thx|ship it|nice|great|perfect|good job|well done|approved?|(?:very|so) (?:nice|good)|work)*$/i

function asksSomething({ text, verdict, by, at }: GitHubComment, fresh: readonly GitHubComment[]): boolean {
  if (text.trim() !== '')
    return !PRAISE.test(text.trim())
  // "Changes requested" without words asks for what the comments
  // beside it say, and when there are none, for a better look.
  return (
    verdict === 'changes-requested' && !fresh.some(other => other.location !== null && other.by === by && other.at <= at)
  )
}

function asText({ by, text, location, verdict }: GitHubComment): string {
  const how = verdict === 'changes-requested' ? ' requested changes' : ''
  const where = location === null ? '' : ` on ${location.path}${location.line === null ? '' : `:${location.line}`}`
  const lines = location === null ? '' : `\n\n${location.hunk.split('\n').slice(-MAX_HUNK_LINES).join('\n')}`
  return `@${by}${how}${where}:${lines}\n\n${text.trim() || 'No words. Read the change again as a critical reviewer would, and improve what you find.'}`
}

/** The line that is commented on is the last. */
const MAX_HUNK_LINES = 12
