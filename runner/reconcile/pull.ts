import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { DesiredTask, DesiredWork } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { marker } from '../github/marker.ts'
import { clearBlocked, writeOnce } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { PERSON_POLL_FACTOR } from './poll-state.ts'
import { pullText, summaryText } from './pull-text.ts'
import { answerReview, readReview } from './review.ts'
import { leaveDraft, writeText } from './write-pull.ts'

/** Opens the pull request if there is none, replies to its reviewers, and reports the verdict on `head`. */
export async function checkPull(
  { task, head }: { task: DesiredTask, head: string },
  deps: ApplyContext,
): Promise<void> {
  const open = task.pull ? await readOpenPull(task, task.pull.number, deps) : null
  if (task.pull && !open)
    return
  const pull = open ?? (await createPull(task, head, deps))
  reportPull(task, pull, deps)
  await answerReview(task, pull.number, deps)

  deps.step(`verdict ${head}`)
  const verdict = await callGitHub(() => deps.github.verdict(task.repository, head, pull.number))
  deps.report(task, { kind: 'checks', head, verdict })
  // A verdict that passed is written in review, together with leaving the draft.
  if (verdict.kind !== 'passed')
    await writeText({ task, pull, head, verdict }, deps)
  clearBlocked(task, deps, deps.pollMs)
}

/**
 * Marks the pull request ready once its checks passed or the person decided so, and reports a merge, a close, comments
 * of reviewers or a changed verdict.
 */
export async function reviewPull(
  { task, head, ci, ready }: { task: DesiredTask, head: string, ci: Review['ci'], ready: boolean },
  deps: ApplyContext,
): Promise<void> {
  const { repository } = task
  if (!task.pull)
    return checkPull({ task, head }, deps)
  const pull = await readOpenPull(task, task.pull.number, deps)
  if (!pull)
    return

  reportPull(task, pull, deps)
  deps.step(`verdict ${head}`)
  const verdict = await callGitHub(() => deps.github.verdict(repository, head, pull.number))
  if (changesTask(verdict, ci))
    deps.report(task, { kind: 'checks', head, verdict })
  const write = { task, pull, head, verdict }
  if (ready)
    await leaveDraft(write, deps)
  if (ci === 'passed' && verdict.kind !== 'failed') {
    const note = {
      repository,
      number: pull.number,
      marker: marker(task.id, 'summary'),
      body: summaryText(task, head),
    }
    await writeOnce(task, 'summary', deps, () => deps.github.ensureComment(note))
  }

  const isQuiet = await readReview(task, pull.number, deps)
  await writeText(write, deps)
  clearBlocked(task, deps, isQuiet && verdict.kind !== 'pending' ? deps.pollMs * PERSON_POLL_FACTOR : deps.pollMs)
}

type Review = Extract<DesiredWork, { do: 'review' }>

/** The effect of a verdict depends on the known one: only a failure ends a green verdict. */
function changesTask({ kind }: Verdict, known: Review['ci']): boolean {
  switch (known) {
    case 'passed': return kind === 'failed'
    case 'failed': return kind === 'passed'
    // The list of what is pending may have changed.
    case 'pending': return true
    case 'none':
    case 'draft': return kind !== known
    default: return unreachable(known)
  }
}

/** Reports a merge or a close of the pull request during other work. */
export async function watchPull(
  { task, pull }: { task: DesiredTask, pull: number },
  deps: ApplyContext,
): Promise<void> {
  if (await readPull(task, pull, deps))
    clearBlocked(task, deps, deps.pollMs * PERSON_POLL_FACTOR)
}

async function createPull(
  task: DesiredTask,
  head: string,
  { step, github }: ApplyContext,
): Promise<PullRequest> {
  const { repository, branch, base, title } = task
  step(`ensure-pull ${branch}`)
  return callGitHub(() =>
    github.ensurePull({ repository, branch, base, title, body: pullText(task, head, null) }),
  )
}

/** Returns the pull request while it is open with a head the task knows; otherwise reports the change: null. */
async function readOpenPull(task: DesiredTask, number: number, deps: ApplyContext): Promise<PullRequest | null> {
  const open = await readPull(task, number, deps)
  // GitHub shows a push a moment late, so the head may be an earlier one; only an unknown commit is somebody else's.
  if (!open || task.heads.includes(open.head))
    return open?.pull ?? null
  deps.report(task, { kind: 'pushed', head: open.head })
  return null
}

async function readPull(
  task: DesiredTask,
  number: number,
  deps: ApplyContext,
): Promise<{ pull: PullRequest, head: string } | null> {
  deps.step(`pull-state #${number}`)
  const { state, pull, head, branchGone } = await callGitHub(() => deps.github.pullState(task.repository, number))
  if (state === 'open')
    return { pull, head }
  deps.report(
    task,
    state === 'closed' && branchGone
      ? { kind: 'closed', why: `The branch ${task.branch} was deleted on GitHub, which closed the pull request.` }
      : { kind: state },
  )
  return null
}

function reportPull(task: DesiredTask, pull: PullRequest, deps: ApplyContext): void {
  if (task.pull?.number !== pull.number || task.pull.draft !== pull.draft)
    deps.report(task, { kind: 'pull', pull })
}
