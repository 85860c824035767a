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
import { PEOPLE_PACE, writersAmong } from './writers.ts'

/**
 * The plan stands in the task's issue as a comment of its own, and the first thing decided about it there is reported.
 */
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
  const remarks = (await callGitHub(() => deps.github.issueComments(repository, issue.number))).filter(
    ({ id }) => !heard.has(id),
  )
  const writers = await writersAmong(newAuthors(remarks, task.heard), task, deps)
  const ignored: CommentId[] = []
  for (const remark of remarks) {
    const decision = !remark.isBot && writers.has(remark.by) ? parsePlanComment(remark.text, work.questions) : null
    // What was approved before this plan stood there was another plan.
    if (decision === null || (decision.kind === 'approve-plan' && numberOf(remark) < note.id)) {
      ignored.push(remark.id)
      continue
    }
    deps.step(`acknowledge ${remark.id}`)
    await callGitHub(() => deps.github.acknowledge(repository, [remark.node]))
    // One at a time: it may change what the next one means.
    return deps.report(task, { kind: 'plan-decision', comment: remark.id, by: remark.by, decision })
  }
  if (ignored.length > 0)
    deps.report(task, { kind: 'heard', comments: ignored.slice(0, MAX_HEARD) })
  if (work.questions.length === 0)
    await readThumbs(task, note.id, deps)
  clearBlocked(task, deps, deps.pollMs * PEOPLE_PACE)
}

/** As the wire allows. */
const MAX_HEARD = 100

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
  const [by] = await writersAmong(await callGitHub(() => deps.github.thumbsUp(task.repository, note)), task, deps)
  if (by !== undefined)
    deps.report(task, { kind: 'plan-decision', comment: null, by, decision: { kind: 'approve-plan' } })
}

function numberOf({ id }: GitHubComment): number {
  return Number(id.slice(id.indexOf(':') + 1))
}
