import type { CommentId } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { GitHubComment } from '../github/discussion.ts'
import type { ApplyContext } from './apply-context.ts'
import type { Discuss } from './decide.ts'
import { parsePlanComment } from '../discussion/parse-plan-comment.ts'
import { issueText, planText } from '../discussion/plan-text.ts'
import { newAuthors } from '../discussion/review-batch.ts'
import { marker } from '../github/marker.ts'
import { clearBlocked } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { PERSON_POLL_FACTOR } from './poll-state.ts'
import { loginsWithWriteAccess } from './write-access.ts'

/** Posts the plan as a comment in the task's issue, and reports the first decision about it there. */
export async function discussPlan(
  { task, work }: { task: DesiredTask, work: Discuss },
  deps: ApplyContext,
): Promise<void> {
  const { repository } = task
  const issue = task.issue ?? (await openIssue(task, deps))
  deps.step(`plan-note #${issue.number}`)
  const note = await callGitHub(() =>
    deps.github.ensureComment({
      repository,
      number: issue.number,
      marker: marker(task.id, `plan-${work.attempt}`),
      body: planText(work),
    }),
  )

  const heard = new Set(task.heard)
  const all = await callGitHub(() => deps.github.issueComments(repository, issue.number))
  const comments = all.filter(({ id }) => !heard.has(id))
  const writers = await loginsWithWriteAccess(newAuthors(comments, task.heard), task, deps)
  const ignored: CommentId[] = []
  for (const comment of comments) {
    const mayDecide = !comment.isBot && writers.has(comment.author)
    const decision = mayDecide ? parsePlanComment(comment.text, work.questions) : null
    // An approval that is older than this plan's comment approved an earlier plan.
    if (decision === null || (decision.kind === 'approve-plan' && numberOf(comment) < note.id)) {
      ignored.push(comment.id)
      continue
    }
    deps.step(`acknowledge ${comment.id}`)
    await callGitHub(() => deps.github.acknowledge(repository, [comment.nodeId]))
    // Only one decision is reported, because it may change the meaning of the next comment.
    return deps.report(task, { kind: 'plan-decision', comment: comment.id, by: comment.author, decision })
  }
  if (ignored.length > 0)
    deps.report(task, { kind: 'heard', comments: ignored.slice(0, MAX_COMMENT_IDS) })
  if (work.questions.length === 0)
    await readThumbs(task, note.id, deps)
  clearBlocked(task, deps, deps.pollMs * PERSON_POLL_FACTOR)
}

/** The schema of the report allows no more. */
const MAX_COMMENT_IDS = 100

async function openIssue(task: DesiredTask, { github, step, report }: ApplyContext) {
  step(`ensure-issue ${task.id}`)
  const issue = await callGitHub(() => github.ensureIssue({
    repository: task.repository,
    title: task.title,
    body: issueText(task),
    marker: marker(task.id, 'issue'),
    since: task.createdAt,
  }))
  report(task, { kind: 'issue', issue })
  return issue
}

async function readThumbs(task: DesiredTask, note: number, deps: ApplyContext): Promise<void> {
  const logins = await callGitHub(() => deps.github.thumbsUp(task.repository, note))
  const [by] = await loginsWithWriteAccess(logins, task, deps)
  if (by !== undefined)
    deps.report(task, { kind: 'plan-decision', comment: null, by, decision: { kind: 'approve-plan' } })
}

function numberOf({ id }: GitHubComment): number {
  return Number(id.slice(id.indexOf(':') + 1))
}
