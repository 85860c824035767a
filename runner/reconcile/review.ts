import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { newAuthors, reviewBatch } from '../discussion/review-batch.ts'
import { marker } from '../github/marker.ts'
import { once } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { replyText } from './pull-text.ts'
import { writersAmong } from './writers.ts'

/** What reviewers ask for is reported as one batch, once no more follows. False while more may. */
export async function readReview(task: DesiredTask, pull: number, deps: ApplyContext): Promise<boolean> {
  deps.step(`remarks #${pull}`)
  const remarks = await callGitHub(() => deps.github.pullComments(task.repository, pull))
  const writers = await writersAmong(newAuthors(remarks, task.heard), task, deps)
  const batch = reviewBatch(remarks, { heard: task.heard, writers, now: deps.now(), quietMs: deps.quietMs })
  if (!batch)
    return false
  if (batch.ignored.length > 0)
    deps.report(task, { kind: 'heard', comments: batch.ignored })
  if (batch.feedback.length > 0) {
    const asked = new Set(batch.feedback.map(({ id }) => id))
    const nodes = remarks.filter(({ id }) => asked.has(id)).map(({ node }) => node)
    deps.step(`acknowledge #${pull}`)
    await callGitHub(() => deps.github.acknowledge(task.repository, nodes))
    deps.report(task, { kind: 'feedback', comments: batch.feedback })
  }
  return true
}

/** Each comment that became an attempt is answered where it stands, the others by one comment. */
export async function answerReview(task: DesiredTask, pull: number, deps: ApplyContext): Promise<void> {
  const { reply, repository } = task
  if (!reply)
    return
  await once(task, `reply-${reply.attempt}`, deps, async () => {
    const note = { repository, number: pull, marker: marker(task.id, `reply-${reply.attempt}`), body: replyText(reply) }
    const lines = reply.comments.flatMap(id => id.startsWith('line:') ? Number(id.slice('line:'.length)) : [])
    await deps.github.ensureReplies(note, lines)
    if (lines.length < reply.comments.length)
      await deps.github.ensureComment(note)
  })
}
