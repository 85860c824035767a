import type { Assignment, Task, TaskTerms } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { branchProblem } from '../model/branch.ts'
import { MAX_FIXES } from '../model/limits.ts'
import { MAX_TASK_BUDGET_USD } from '../model/task.ts'
import { branchName } from './branch-name.ts'
import { fix } from './checks.ts'
import { enter, illegal, queue } from './transition-builders.ts'

type Edits = { [K in keyof TaskTerms]?: TaskTerms[K] | undefined } | undefined

export function confirm(task: Task, edits: Edits, now: number): Transition {
  if (task.state.status !== 'proposed')
    return illegal(task, 'be started')
  const terms = edited(task, edits)
  const problem = baseProblem(terms)
  if (problem)
    return problem
  const assignment: Assignment = { phase: terms.planFirst ? 'plan' : 'implement' }
  return queue({ ...terms, branch: branchName(terms) }, assignment, now, 'The task was started.')
}

export function dismiss(task: Task, now: number): Transition {
  return task.state.status === 'proposed'
    ? enter(task, { status: 'cancelled', since: now, by: 'dismissed' })
    : illegal(task, 'be dismissed')
}

export function retry(task: Task, edits: Edits, now: number): Transition {
  const { state } = task
  if (state.status === 'paused')
    return queue(task, state.assignment, now, 'The task goes on before its pause is over.')
  if (state.status !== 'failed')
    return illegal(task, 'be tried again')
  const granted = edited({ ...task, crashes: 0, fixLimit: Math.max(task.fixLimit, task.fixes + MAX_FIXES) }, edits)
  const problem = baseProblem(granted)
  if (problem)
    return problem
  // A retry without a budget grants the same amount once more.
  const again = state.kind === 'budget' ? task.usage.costUsd + task.budgetUsd : task.budgetUsd
  const budgetUsd = edits?.budgetUsd ?? Math.min(again, MAX_TASK_BUDGET_USD)
  return state.assignment.phase === 'fix'
    ? fix({ ...granted, budgetUsd }, state.assignment.failure, now, 'The task was given more attempts.')
    : queue({ ...granted, budgetUsd }, state.assignment, now, 'The task is tried again.')
}

/** Ends a paused state when its time has come. */
export function resume(task: Task, now: number): Transition {
  const { state } = task
  if (state.status !== 'paused')
    return illegal(task, 'go on')
  if (now < state.until)
    return { ok: false, kind: 'stale', message: 'The pause is not over yet.' }
  return queue(task, state.assignment, now, 'The task goes on.')
}

/** Refuses what git would not take, so that no attempt fails because of it, or takes it for an option. */
function baseProblem({ base }: Task): Transition | null {
  const message = base === null ? null : branchProblem(base)
  return message === null ? null : { ok: false, kind: 'illegal', message }
}

function edited(task: Task, edits: Edits = {}): Task {
  const named = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined))
  // The terms of an open pull request are fixed; only budget and model may change.
  const { budgetUsd = task.budgetUsd, model = task.model } = edits
  return task.pull ? { ...task, budgetUsd, model } : { ...task, ...named }
}
