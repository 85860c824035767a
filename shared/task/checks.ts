import type { Verdict } from '../model/task-event.ts'
import type { Assignment, CheckFailure, Task, TaskState } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { must } from '../lib/must.ts'
import { unreachable } from '../lib/unreachable.ts'
import { cutTo } from '../text/cut-to.ts'
import { isGivenUp } from './state.ts'
import { begin, budgetUsedUp, count, enter, enterUnlessUnread, fail, illegal, same } from './transition-builders.ts'

export function unchanged(task: Task, assignment: Assignment, summary: string, now: number): Transition {
  switch (assignment.phase) {
    case 'fix': {
      // Somebody may have run the checks again meanwhile: if they still fail, the next fix begins.
      const text = `Fix ${task.fixes} of ${task.fixLimit} changed nothing`
      const flags = flag(task, cutTo(`${text}: ${assignment.failure.summary}`, MAX_FLAG_LENGTH))
      return enterUnlessUnread({ ...task, flags }, recheck(task, now), `${text}.`, now)
    }
    case 'feedback':
      // A review may need no change; the commit under review stays, and its checks are read again.
      return enterUnlessUnread(task, recheck(task, now), 'The review needed no change.', now)
    case 'plan':
    case 'implement':
      return fail(task, { kind: 'no-changes', reason: summary || NO_CHANGES, assignment }, now)
    default:
      return unreachable(assignment)
  }
}

const NO_CHANGES = 'Claude finished without changing a file.'

/** The same limit as in the runner's reports. Characters. */
const MAX_FLAG_LENGTH = 500

export function flag(task: Task, ...flags: string[]): string[] {
  return [...new Set([...task.flags, ...flags])]
}

/** The checks of the branch's head are read again. */
function recheck(task: Task, now: number): Extract<TaskState, { status: 'checking' }> {
  return { status: 'checking', since: now, head: must(task.heads.at(-1), 'a published commit'), pending: [] }
}

/** A person pushed to the branch: from now on the checks of that commit count. */
export function pushed(task: Task, head: string, now: number): Transition {
  const { state } = task
  if (state.status !== 'checking' && state.status !== 'in_review' && !isGivenUp(state))
    return illegal(task, 'take a push')
  if (task.heads.at(-1) === head)
    return same(task)
  return enter(
    { ...task, heads: [...task.heads, head] },
    { status: 'checking', since: now, head, pending: [] },
    `Somebody pushed ${head.slice(0, 7)} to the branch; waiting for its CI.`,
  )
}

export function checks(task: Task, head: string, verdict: Verdict, now: number): Transition {
  const { state } = task
  if (state.status !== 'checking' && state.status !== 'in_review' && !isGivenUp(state))
    return illegal(task, 'be checked')
  const current = task.heads.at(-1) ?? head
  if (current !== head) {
    const message = `The checks of ${head.slice(0, 7)} came after ${current.slice(0, 7)} was pushed.`
    return { ok: false, kind: 'stale', message }
  }
  if (state.status === 'failed')
    return verdict.kind === 'passed' ? passed(task, head, verdict.checks, now) : same(task)

  switch (verdict.kind) {
    case 'pending': {
      const since = state.status === 'checking' ? state.since : now
      return enter(task, { status: 'checking', since, head, pending: verdict.waitingFor })
    }
    case 'passed':
      return passed(task, head, verdict.checks, now)
    case 'none':
      return reviewable(task, { status: 'in_review', since: now, head, ci: 'none' }, NOTHING_VERIFIED)
    case 'failed':
      return fix(task, verdict.failure, now)
    default:
      return unreachable(verdict)
  }
}

const NOTHING_VERIFIED = 'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.'

function passed(task: Task, head: string, checks: number, now: number): Transition {
  const green = task.state.status === 'failed' ? 'CI is green now' : 'CI is green'
  const text = `${green}: ${count(checks, 'check')} passed. The pull request is ready for you.`
  return reviewable(task, { status: 'in_review', since: now, head, ci: 'passed' }, text)
}

function reviewable(task: Task, state: Extract<TaskState, { status: 'in_review' }>, text: string): Transition {
  return task.state.status === 'in_review' && task.state.ci === state.ci ? same(task) : enter(task, state, text)
}

/** Begins one more fix; fails the task when its fixes or its money are used up, so that the person decides. */
export function fix(task: Task, failure: CheckFailure, now: number, before?: string): Transition {
  const assignment: Assignment = { phase: 'fix', failure }
  if (task.fixes >= task.fixLimit) {
    const reason = `CI still fails after ${count(task.fixes, 'fix', 'fixes')}: ${failure.summary}`
    return fail(task, { kind: 'checks', reason, assignment }, now)
  }
  if (task.usage.costUsd >= task.budgetUsd)
    return fail(task, { kind: 'budget', reason: budgetUsedUp(task, failure.summary), assignment }, now)
  const fixes = task.fixes + 1
  const text = `${before ?? `CI failed: ${failure.summary}.`} Fix ${fixes} of ${task.fixLimit} begins.`
  return begin({ ...task, fixes }, assignment, now, text)
}
