import type { AttemptResult } from '../model/task-event.ts'
import type { Task, Usage, Work } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { unreachable } from '../lib/unreachable.ts'
import { MAX_CRASHES, MAX_PAUSE_MS, MIN_PAUSE_MS } from '../model/limits.ts'
import { flag, unchanged } from './checks.ts'
import { currentWork } from './state.ts'
import { sumUsage } from './sum-usage.ts'
import { begin, enter, enterUnlessUnread, fail, same, stale, working } from './transition-builders.ts'

export function started(task: Task, attempt: number, now: number): Transition {
  const work = currentWork(task.state)
  if (work?.attempt !== attempt)
    return stale(attempt)
  if (work.startedAt !== null)
    return same(task)
  return enter({ ...task, blocked: null }, working({ ...work, startedAt: now }, now))
}

/** The edge stores the cost for the runner: a restarted runner goes on counting from here. */
export function spent(task: Task, attempt: number, usage: Usage): Transition {
  const { state } = task
  if (!('work' in state) || state.work.attempt !== attempt)
    return stale(attempt)
  return usage.costUsd > (state.work.spent?.costUsd ?? 0)
    ? enter(task, { ...state, work: { ...state.work, spent: usage } })
    : same(task)
}

export function ended(task: Task, attempt: number, result: AttemptResult, now: number): Transition {
  const work = currentWork(task.state)
  if (work?.attempt !== attempt)
    return stale(attempt)
  const { assignment } = work
  const done = record({ ...task, blocked: null }, work, result, now)

  switch (result.outcome) {
    case 'planned':
      return planned({ ...done, plan: result.plan, crashes: 0 }, result, now)
    case 'published':
      return enterUnlessUnread(
        { ...done, heads: [...done.heads, result.head], crashes: 0, flags: flag(done, ...result.flags) },
        { status: 'checking', since: now, head: result.head, pending: [] },
        `Attempt ${attempt} pushed ${result.head.slice(0, 7)}; waiting for CI.`,
        now,
      )
    case 'unchanged':
      return unchanged(done, assignment, result.summary, now)
    case 'limited': {
      const until = Math.min(Math.max(result.until, now + MIN_PAUSE_MS), now + MAX_PAUSE_MS)
      const paused = { status: 'paused' as const, since: now, until, why: result.why, assignment }
      return enter(done, paused, `${result.why} The task goes on by itself.`)
    }
    case 'failed':
      return result.kind === 'crashed' && task.crashes < MAX_CRASHES
        ? begin({ ...done, crashes: task.crashes + 1 }, assignment, now)
        : fail(done, { kind: result.kind, reason: result.reason, assignment }, now)
    default:
      return unreachable(result)
  }
}

function planned(
  task: Task,
  { plan, questions }: Extract<AttemptResult, { outcome: 'planned' }>,
  now: number,
): Transition {
  if (questions.length === 0)
    return enterUnlessUnread(task, { status: 'plan_review', since: now, plan }, 'A plan is ready for review.', now)
  const asking = { status: 'waiting_answer' as const, since: now, plan, questions }
  return enterUnlessUnread(task, asking, 'Claude has questions about the plan.', now)
}

function record(task: Task, { attempt, assignment, startedAt, spent }: Work, result: AttemptResult, now: number): Task {
  // A worker that vanished reported no final cost; its last report counts.
  const usage = spent && spent.costUsd > result.usage.costUsd ? spent : result.usage
  return {
    ...task,
    usage: sumUsage(task.usage, usage),
    history: [...task.history, {
      attempt,
      phase: assignment.phase,
      cause: assignment.phase === 'fix' ? assignment.failure.summary : null,
      startedAt,
      endedAt: now,
      outcome: result.outcome === 'failed' ? `failed: ${result.reason}` : result.outcome,
      summary: 'summary' in result ? result.summary : null,
      head: result.outcome === 'published' ? result.head : null,
      usage,
      ...assignment.phase === 'feedback' ? { comments: assignment.comments.map(({ id }) => id) } : {},
    }],
  }
}
