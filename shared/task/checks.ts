import type { Verdict } from '../model/task-event.ts'
import type { Assignment, CheckFailure, Task, TaskState } from '../model/task.ts'
import type { Transition } from './steps.ts'
import { must } from '../lib/must.ts'
import { unreachable } from '../lib/unreachable.ts'
import { isGivenUp } from './state.ts'
import { begin, budgetUsedUp, count, enter, enterUnlessUnread, fail, illegal, same } from './steps.ts'

export function unchanged(task: Task, assignment: Assignment, summary: string, now: number): Transition {
  switch (assignment.phase) {
    case 'fix': {
      // Somebody may have run the checks again meanwhile: if they still fail, the next fix begins.
      const said = `Fix ${task.fixes} of ${task.fixLimit} changed nothing`
      const flags = flag(task, `${said}: ${assignment.failure.summary}`.slice(0, MAX_FLAG_LENGTH))
      return enterUnlessUnread({ ...task, flags }, recheck(task, now), `${said}.`, now)
    }
    case 'feedback':
      // Nothing to change is an answer; the commit under review stays, and its checks are read again.
      return enterUnlessUnread(task, recheck(task, now), 'The review needed no change.', now)
    case 'plan':
    case 'implement':
      return fail(
        task,
        { kind: 'no-changes', reason: summary || 'Claude finished without changing a file.', assignment },
        now,
      )
    default:
      return unreachable(assignment)
  }
}

/** As the runner's flags are limited. Characters. */
const MAX_FLAG_LENGTH = 500

export function flag(task: Task, ...flags: string[]): string[] {
  return [...new Set([...task.flags, ...flags])]
}

/** The checks of the commit at the branch are read again. */
function recheck(task: Task, now: number): Extract<TaskState, { status: 'checking' }> {
  return { status: 'checking', since: now, head: must(task.heads.at(-1), 'a published commit'), pending: [] }
}

/** A person pushed: what counts now are the checks of that. */
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
    return {
      ok: false,
      kind: 'stale',
      message: `The checks of ${head.slice(0, 7)} came after ${current.slice(0, 7)} was pushed.`,
    }
  }
  if (state.status === 'failed') {
    return verdict.kind === 'passed'
      ? reviewable(
          task,
          head,
          'passed',
          now,
          `CI is green now: ${count(verdict.checks, 'check')} passed. The pull request is ready for you.`,
        )
      : same(task)
  }

  switch (verdict.kind) {
    case 'pending':
      return enter(task, {
        status: 'checking',
        since: state.status === 'checking' ? state.since : now,
        head,
        pending: verdict.waitingFor,
      })
    case 'passed':
      return reviewable(
        task,
        head,
        'passed',
        now,
        `CI is green: ${count(verdict.checks, 'check')} passed. The pull request is ready for you.`,
      )
    case 'none':
      return reviewable(
        task,
        head,
        'none',
        now,
        'No CI ran on the pull request, so nothing was verified. It waits for you as a draft.',
      )
    case 'failed':
      return fix(task, verdict.failure, now)
    default:
      return unreachable(verdict)
  }
}

function reviewable(task: Task, head: string, ci: 'passed' | 'none', now: number, text: string): Transition {
  return task.state.status === 'in_review' && task.state.ci === ci
    ? same(task)
    : enter(task, { status: 'in_review', since: now, head, ci }, text)
}

/** One more fix, unless the person should decide: the fixes or the money are used up. */
export function fix(task: Task, failure: CheckFailure, now: number, before?: string): Transition {
  const assignment: Assignment = { phase: 'fix', failure }
  if (task.fixes >= task.fixLimit) {
    return fail(
      task,
      {
        kind: 'checks',
        reason: `CI still fails after ${count(task.fixes, 'fix', 'fixes')}: ${failure.summary}`,
        assignment,
      },
      now,
    )
  }
  if (task.usage.costUsd >= task.budgetUsd)
    return fail(task, { kind: 'budget', reason: budgetUsedUp(task, failure.summary), assignment }, now)
  const fixes = task.fixes + 1
  return begin(
    { ...task, fixes },
    assignment,
    now,
    `${before ?? `CI failed: ${failure.summary}.`} Fix ${fixes} of ${task.fixLimit} begins.`,
  )
}
