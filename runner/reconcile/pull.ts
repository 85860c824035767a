import type { Verdict } from '#shared/model/task-event.ts'
import type { PullRequest } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { ApplyContext } from './apply-context.ts'
import { marker } from '../github/marker.ts'
import { clearBlocked, once } from './apply-context.ts'
import { callGitHub } from './blocked-error.ts'
import { pullText, summaryText } from './pull-text.ts'
import { answerReview, readReview } from './review.ts'
import { PEOPLE_PACE } from './writers.ts'

/** The pull request exists, says what was done, answers its reviewers, and the verdict on `head` is reported. */
export async function checkPull(
  { task, head }: { task: DesiredTask, head: string },
  deps: ApplyContext,
): Promise<void> {
  const open = task.pull ? await openPull(task, task.pull.number, deps) : null
  if (task.pull && !open)
    return
  const pull = open ?? (await createPull(task, head, deps))
  reportPull(task, pull, deps)
  await answerReview(task, pull.number, deps)

  deps.step(`verdict ${head}`)
  const verdict = await callGitHub(() => deps.github.verdict(task.repository, head, pull.number))
  deps.report(task, { kind: 'checks', head, verdict })
  await keepText({ task, number: pull.number, head, verdict }, deps)
  clearBlocked(task, deps, deps.pollMs)
}

/**
 * The pull request is ready when its checks passed; a merge, a
 * close, what reviewers ask for or another verdict is reported.
 */
export async function reviewPull(
  { task, head, ready }: { task: DesiredTask, head: string, ready: boolean },
  deps: ApplyContext,
): Promise<void> {
  const { repository } = task
  if (!task.pull)
    return checkPull({ task, head }, deps)
  const pull = await openPull(task, task.pull.number, deps)
  if (!pull)
    return

  if (ready && pull.draft) {
    deps.step(`ready #${pull.number}`)
    await callGitHub(() => deps.github.markReady(repository, pull.number))
    reportPull(task, { ...pull, draft: false }, deps)
  }
  else {
    reportPull(task, pull, deps)
  }
  if (ready) {
    await once(task, 'summary', deps, () =>
      deps.github.ensureComment({
        repository,
        number: pull.number,
        marker: marker(task.id, 'summary'),
        body: summaryText(task, head),
      }))
  }

  deps.step(`verdict ${head}`)
  const verdict = await callGitHub(() => deps.github.verdict(repository, head, pull.number))
  if (verdict.kind !== (ready ? 'passed' : 'none'))
    deps.report(task, { kind: 'checks', head, verdict })
  const isQuiet = await readReview(task, pull.number, deps)
  await keepText({ task, number: pull.number, head, verdict }, deps)
  clearBlocked(task, deps, isQuiet ? deps.pollMs * PEOPLE_PACE : deps.pollMs)
}

/** A merge or a close is reported, whatever else goes on. */
export async function watchPull(
  { task, pull }: { task: DesiredTask, pull: number },
  deps: ApplyContext,
): Promise<void> {
  if (await readPull(task, pull, deps))
    clearBlocked(task, deps, deps.pollMs * PEOPLE_PACE)
}

async function createPull(
  task: DesiredTask,
  head: string,
  { step, github, pollState }: ApplyContext,
): Promise<PullRequest> {
  const { repository, branch, base, title } = task
  step(`ensure-pull ${branch}`)
  const pull = await callGitHub(() =>
    github.ensurePull({ repository, branch, base, title, body: pullText(task, head, null) }),
  )
  pollState.done(task, 'pull-text', 'pending')
  return pull
}

/**
 * Its text says how CI stands, and is written again when that is
 * another. Comes last: a text that is refused keeps nothing else back.
 */
async function keepText(
  { task, number, head, verdict }: { task: DesiredTask, number: number, head: string, verdict: Verdict },
  { step, github, pollState }: ApplyContext,
): Promise<void> {
  if (pollState.isDone(task, 'pull-text', verdict.kind))
    return
  step(`pull-text #${number}`)
  await callGitHub(() => github.updatePullText(task.repository, number, pullText(task, head, verdict)))
  pollState.done(task, 'pull-text', verdict.kind)
}

/** The pull request while it is open and stands where the task thinks; null after what else was seen was reported. */
async function openPull(task: DesiredTask, number: number, deps: ApplyContext): Promise<PullRequest | null> {
  const open = await readPull(task, number, deps)
  // GitHub shows a push a moment late, so only a commit that is new to the task is somebody else's.
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
