import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { FailureKind } from '#shared/model/task.ts'
import type { DesiredTask } from '#shared/protocol/runner.ts'
import type { Executor } from '../executor/executor.ts'
import type { Ledger } from '../gateway/ledger.ts'
import type { GitHub, GitHubErrorKind } from '../github/github.ts'
import type { Person } from '../job/person.ts'
import type { Action, Attempt } from './decide.ts'
import type { Memory } from './poll-state.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { GitHubError } from '../github/github.ts'
import { NO_USAGE } from '../job/no-usage.ts'
import { askExecutor, askGitHub, BlockedError, messageOf } from './blocked.ts'
import { cleanUp } from './clean-up.ts'
import { checkPull, reviewPull, watchPull } from './pull.ts'
import { askPlan } from './request-approval.ts'

export interface ApplyDeps {
  executor: Executor
  github: GitHub
  /** Why no task may ask the model now, if so. */
  stopOfAll: Ledger['stopOfAll']
  memory: Memory
  /** Reports what is new about a task to the edge. */
  say: (task: DesiredTask, event: RunnerEvent) => void
  /** The Job is about to be removed: nothing more of its log is wanted. */
  forgetLog: (job: string) => void
  /** `changes`: what its pull request changes so far; null when there is none or it does not matter. */
  composePrompt: (task: DesiredTask, changes: string | null) => string
  /** Whom commits name as co-author; null: whose token it is. */
  person: Person | null
  deadlineSeconds: number
  checkoutMb: number
  pollMs: number
  settleMs: number
  now: () => number
  /** Called before every effect, with what it is. */
  step: (what: string) => void
  bug: (error: unknown, doing: string) => void
}

/** Carries one action out. What is in its way is reported as what the task waits for; never rejects. */
export async function apply(action: Action, deps: ApplyDeps): Promise<void> {
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
    deps.memory.failed(action.task, retryAt)
    deps.say(action.task, { kind: 'blocked', on, why: message.slice(0, 1000) })
  }
}

async function perform(action: Action, deps: ApplyDeps): Promise<void> {
  switch (action.kind) {
    case 'remove':
      deps.forgetLog(action.job)
      deps.step(`remove ${action.job}`)
      return askExecutor(() => deps.executor.remove(action.job))
    case 'say':
      return deps.say(action.task, action.event)
    case 'start':
      return start(action, deps)
    case 'check':
      return checkPull(action, deps)
    case 'review':
      return reviewPull(action, deps)
    case 'ask':
      return askPlan(action, deps)
    case 'clean-up':
      return cleanUp(action, deps)
    case 'watch':
      return watchPull(action, deps)
    default:
      return unreachable(action)
  }
}

async function start({ task, work }: { task: DesiredTask, work: Attempt }, deps: ApplyDeps): Promise<void> {
  const { attempt, assignment: { phase }, budgetUsd, published } = work
  const stop = deps.stopOfAll()
  if (stop)
    return deps.say(task, { kind: 'ended', attempt, result: { outcome: 'limited', until: stop.until, why: stop.why, usage: NO_USAGE } })
  // Before anything was published nobody knows whether the repository can be worked on.
  const refusal = task.pull ? null : await inspect(task, deps)
  if (refusal)
    return deps.say(task, { kind: 'ended', attempt, result: { outcome: 'failed', ...refusal, usage: NO_USAGE } })

  const { id, repository, base, branch, title, model, pull } = task
  const changes = pull && (phase === 'fix' || phase === 'feedback') ? await askGitHub(() => deps.github.changes(repository, pull.number)) : null
  const person = phase === 'plan' ? null : deps.person ?? await askGitHub(() => deps.github.person(repository))
  const name = `ml-${id}-${phase}-${attempt}`
  const spec = { name, task: id, attempt, phase, repository, base, branch, title, person, prompt: deps.composePrompt(task, changes), mergeBase: work.assignment.phase === 'fix' && work.assignment.failure.kind === 'conflict', model, budgetUsd, published, deadlineSeconds: deps.deadlineSeconds, checkoutMb: deps.checkoutMb }
  deps.step(`ensure ${name}`)
  await askExecutor(() => deps.executor.ensure(spec))
  deps.say(task, { kind: 'started', attempt })
}

const HOPELESS: { [K in GitHubErrorKind]?: FailureKind } = {
  'not-found': 'repository-not-found',
  'no-access': 'repository-no-access',
  'empty': 'repository-empty',
}

/** Why the repository cannot be worked on however long one waits; null when it can. */
async function inspect({ repository }: DesiredTask, { github, step }: ApplyDeps): Promise<{ kind: FailureKind, reason: string } | null> {
  step(`inspect ${repository}`)
  return askGitHub(async () => {
    try {
      await github.inspect(repository)
      return null
    }
    catch (error) {
      const kind = error instanceof GitHubError ? HOPELESS[error.kind] : undefined
      if (!kind)
        throw error
      return { kind, reason: messageOf(error) }
    }
  })
}
