import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { newAuthors, reviewBatch } from '../discussion/review-batch.ts'
import { marker } from '../github/marker.ts'
import { writeOnce } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { replyText } from './pull-text.ts'
import { loginsWithWriteAccess } from './write-access.ts'

/** Reports new comments of reviewers as one batch after the quiet period. Returns false while more may follow. */
export async function readReview(task: DesiredTask, pull: number, deps: ApplyContext): Promise<boolean> {
  deps.step(`comments #${pull}`)
  const comments = await callGitHub(() => deps.github.pullComments(task.repository, pull))
  const writers = await loginsWithWriteAccess(newAuthors(comments, task.heard), task, deps)
  const batch = reviewBatch(comments, { handled: task.heard, writers, now: deps.now(), quietMs: deps.quietMs })
  if (!batch)
    return false
  if (batch.ignored.length > 0)
    deps.report(task, { kind: 'heard', comments: batch.ignored })
  if (batch.feedback.length > 0) {
    const ids = new Set(batch.feedback.map(({ id }) => id))
    const nodes = comments.filter(({ id }) => ids.has(id)).map(({ nodeId }) => nodeId)
    deps.step(`acknowledge #${pull}`)
    await callGitHub(() => deps.github.acknowledge(task.repository, nodes))
    deps.report(task, { kind: 'feedback', comments: batch.feedback })
  }
  return true
}

/** Replies to the comments of an attempt: to line comments in their threads, to all others with one comment. */
export async function answerReview(task: DesiredTask, pull: number, deps: ApplyContext): Promise<void> {
  const { reply, repository } = task
  if (!reply)
    return
  await writeOnce(task, `reply-${reply.attempt}`, deps, async () => {
    const note = { repository, number: pull, marker: marker(task.id, `reply-${reply.attempt}`), body: replyText(reply) }
    const lines = reply.comments.flatMap(id => id.startsWith('line:') ? Number(id.slice('line:'.length)) : [])
    await deps.github.ensureReplies(note, lines)
    if (lines.length < reply.comments.length)
      await deps.github.ensureComment(note)
  })
}
