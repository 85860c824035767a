import type { FailureKind } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { GitHubErrorKind } from '../github/github.ts'
import type { ApplyContext } from './apply-context.ts'
import type { Action, Attempt } from './decide.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { GitHubError } from '../github/github.ts'
import { NO_USAGE } from '../job/no-usage.ts'
import { messageOf } from '../lib/message-of.ts'
import { BlockedError, callExecutor, callGitHub } from './blocked-error.ts'
import { cleanUp } from './clean-up.ts'
import { discussPlan } from './discuss-plan.ts'
import { checkPull, reviewPull, watchPull } from './pull.ts'

/** Carries out one action. Never rejects: a failure becomes the task's `blocked` reason. */
export async function apply(action: Action, deps: ApplyContext): Promise<void> {
  try {
    await perform(action, deps)
  }
  catch (error) {
    if (!(error instanceof BlockedError))
      deps.bug(error, action.kind)
    if (action.kind === 'remove')
      return
    const { on, message, retryAt } = error instanceof BlockedError
      ? error
      : { on: 'runner' as const, message: `The runner met a bug: ${messageOf(error)}`, retryAt: null }
    deps.pollState.failed(action.task, retryAt)
    deps.report(action.task, { kind: 'blocked', on, why: message.slice(0, 1000) })
  }
}

async function perform(action: Action, deps: ApplyContext): Promise<void> {
  switch (action.kind) {
    case 'remove':
      deps.forgetLog(action.job)
      deps.step(`remove ${action.job}`)
      return callExecutor(() => deps.executor.remove(action.job))
    case 'report':
      return deps.report(action.task, action.event)
    case 'start':
      return start(action, deps)
    case 'check':
      return checkPull(action, deps)
    case 'review':
      return reviewPull(action, deps)
    case 'discuss':
      return discussPlan(action, deps)
    case 'clean-up':
      return cleanUp(action, deps)
    case 'watch':
      return watchPull(action, deps)
    default:
      return unreachable(action)
  }
}

async function start({ task, work }: { task: DesiredTask, work: Attempt }, deps: ApplyContext): Promise<void> {
  const { attempt, assignment: { phase }, budgetUsd, published } = work
  const stop = deps.globalStop()
  if (stop) {
    return deps.report(task, {
      kind: 'ended',
      attempt,
      result: { outcome: 'limited', until: stop.until, why: stop.why, usage: NO_USAGE },
    })
  }
  // A task with a pull request has published before, so its repository needs no inspection.
  const refusal = task.pull ? null : await inspect(task, deps)
  if (refusal)
    return deps.report(task, { kind: 'ended', attempt, result: { outcome: 'failed', ...refusal, usage: NO_USAGE } })

  const { id, repository, base, branch, title, model, pull } = task
  const changes
    = pull && (phase === 'fix' || phase === 'feedback')
      ? await callGitHub(() => deps.github.changes(repository, pull.number))
      : null
  const person = phase === 'plan' ? null : deps.person ?? await callGitHub(() => deps.github.tokenOwner(repository))
  const name = `ml-${id}-${phase}-${attempt}`
  const spec = {
    name,
    task: id,
    attempt,
    phase,
    repository,
    base,
    branch,
    title,
    person,
    prompt: deps.composePrompt(task, changes),
    mergeBase: work.assignment.phase === 'fix' && work.assignment.failure.kind === 'conflict',
    model,
    budgetUsd,
    published,
    deadlineSeconds: deps.deadlineSeconds,
    checkoutMb: deps.checkoutMb,
  }
  deps.step(`ensure ${name}`)
  await callExecutor(() => deps.executor.ensure(spec))
  deps.report(task, { kind: 'started', attempt })
}

/** The errors that fail a task at once, because waiting does not mend them. */
const PERMANENT_ERRORS: { [K in GitHubErrorKind]?: FailureKind } = {
  'not-found': 'repository-not-found',
  'no-access': 'repository-no-access',
  'empty': 'repository-empty',
}

/** Returns the permanent reason why nobody can work on the repository, or null. Other errors are thrown. */
async function inspect(
  { repository }: DesiredTask,
  { github, step }: ApplyContext,
): Promise<{ kind: FailureKind, reason: string } | null> {
  step(`inspect ${repository}`)
  return callGitHub(async () => {
    try {
      await github.inspect(repository)
      return null
    }
    catch (error) {
      const kind = error instanceof GitHubError ? PERMANENT_ERRORS[error.kind] : undefined
      if (!kind)
        throw error
      return { kind, reason: messageOf(error) }
    }
  })
}
