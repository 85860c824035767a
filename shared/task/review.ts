import type { Assignment, CommentId, ReviewComment, Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { isGivenUp } from './state.ts'
import { begin, budgetUsedUp, count, fail, illegal } from './transition-builders.ts'

/** All new comments of a review become one attempt; each comment counts once. */
export function feedback(task: Task, comments: readonly ReviewComment[], now: number): Transition {
  const { state } = task
  if (state.status !== 'in_review' && !isGivenUp(state))
    return illegal(task, 'take feedback')
  const fresh = comments.filter(({ id }) => !task.heard.includes(id))
  if (fresh.length === 0)
    return { ok: false, kind: 'stale', message: 'The comments were taken in before.' }
  const recorded = recordComments(task, fresh.map(({ id }) => id))
  const assignment: Assignment = { phase: 'feedback', comments: fresh }
  const text = `A review left ${count(fresh.length, 'comment')}.`
  return task.usage.costUsd >= task.budgetUsd
    ? fail(recorded, { kind: 'budget', reason: budgetUsedUp(task, text), assignment }, now)
    : begin(recorded, assignment, now, text)
}

/** The oldest beyond this are dropped: the runner's requests to GitHub do not reach that far back. */
const MAX_HEARD = 2000

/** Marks comments as handled, so that each counts once. */
export function recordComments(task: Task, comments: readonly CommentId[]): Task {
  return { ...task, heard: [...new Set([...task.heard, ...comments])].slice(-MAX_HEARD) }
}
