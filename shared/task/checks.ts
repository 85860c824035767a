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
    case 'pending':
      return pending(task, head, verdict, now)
    case 'passed':
      return passed(task, head, verdict.checks, now)
    case 'none':
      return unverified(task, { status: 'in_review', since: now, head, ci: 'none' }, NOTHING_VERIFIED)
    case 'draft': {
      const text = `CI skips drafts, so nothing has verified ${cutTo(verdict.skipped.join(', '), MAX_LISTED_LENGTH)}.`
      const state = { status: 'in_review' as const, since: now, head, ci: 'draft' as const, waiting: verdict.skipped }
      return unverified(task, state, `${text} It waits for you: mark the pull request ready to let them run.`)
    }
    case 'failed':
      return fix(task, verdict.failure, now)
    default:
      return unreachable(verdict)
  }
}

const NOTHING_VERIFIED = 'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.'

/** The names of skipped jobs in an announcement. Characters. */
const MAX_LISTED_LENGTH = 300

type Reviewed = Extract<TaskState, { status: 'in_review' }>

/**
 * Runs that mainloop's own writes, or anybody's label, started are pending too, so they take no task out of review:
 * only what they verify does.
 */
function pending(task: Task, head: string, verdict: Extract<Verdict, { kind: 'pending' }>, now: number): Transition {
  const { state } = task
  const { waitingFor, isRunning } = verdict
  if (state.status === 'in_review')
    return pendingInReview(task, state, waitingFor)
  const before = state.status === 'checking' ? state : null
  const since = before?.since ?? now
  const isSame = before !== null && isEqual(before.pending.toSorted(), waitingFor.toSorted())
  const pendingSince = isSame ? before.pendingSince ?? since : now
  const pending = isSame ? before.pending : waitingFor
  return enter(task, { status: 'checking', since, head, pending, pendingSince, isRunning })
}

/** Jobs that skip drafts still wait for the person, so they stay named until the pull request is ready. */
function pendingInReview(task: Task, state: Reviewed, waiting: string[]): Transition {
  if (state.ready)
    return enter(task, { ...state, ci: 'pending', waiting })
  return state.ci === 'none' ? enter(task, { ...state, waiting }) : same(task)
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

function passed(task: Task, head: string, checks: number, now: number): Transition {
  if (task.state.status === 'in_review' && task.state.ci === 'passed')
    return same(task)
  const green = task.state.status === 'failed' ? 'CI is green now' : 'CI is green'
  const text = `${green}: ${count(checks, 'check')} passed. The pull request is ready for you.`
  return enter(task, { status: 'in_review', since: now, head, ci: 'passed' }, text)
}

/** A run that verified nothing replaces no verdict of one that did, so a green commit stays green. */
function unverified(task: Task, state: Reviewed, text: string): Transition {
  const before = task.state.status === 'in_review' ? task.state : null
  if (before?.ci === 'passed')
    return same(task)
  if (before && (before.ci === state.ci || before.ready))
    return enter(task, { ...state, since: before.since, ...(before.ready && { ready: true }) })
  return enter(task, state, text)
}

/** The person takes the pull request out of draft although its checks are not green. */
export function markReady(task: Task, expectedHead: string, now: number): Transition {
  const { state } = task
  if (state.status !== 'checking' && (state.status !== 'in_review' || state.ci === 'passed'))
    return illegal(task, 'be marked ready')
  if (state.head !== expectedHead) {
    const [head, expected] = [state.head.slice(0, 7), expectedHead.slice(0, 7)]
    const message = `${head} was pushed after ${expected}, which you wanted to mark ready.`
    return { ok: false, kind: 'stale', message }
  }
  const reviewed: Reviewed = state.status === 'checking'
    ? { status: 'in_review', since: now, head: state.head, ci: 'pending', waiting: state.pending }
    : state
  // The person knows of this state, so it counts as seen.
  return enter({ ...task, seen: now }, { ...reviewed, since: now, ready: true }, MARKED_READY)
}

const MARKED_READY = 'The pull request is marked ready; what CI says about it counts.'

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
