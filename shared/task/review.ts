import type { Assignment, CommentId, ReviewComment, Task } from '../model/task.ts'
import type { Transition } from './steps.ts'
import { isGivenUp } from './state.ts'
import { begin, budgetUsedUp, count, fail, illegal } from './steps.ts'

/** What a review asked for becomes one attempt; each comment counts once. */
export function feedback(task: Task, comments: readonly ReviewComment[], now: number): Transition {
  const { state } = task
  if (state.status !== 'in_review' && !isGivenUp(state))
    return illegal(task, 'take feedback')
  const fresh = comments.filter(({ id }) => !task.heard.includes(id))
  if (fresh.length === 0)
    return { ok: false, kind: 'stale', message: 'The comments were taken in before.' }
  const listening = hear(task, fresh.map(({ id }) => id))
  const assignment: Assignment = { phase: 'feedback', comments: fresh }
  const text = `A review left ${count(fresh.length, 'comment')}.`
  return task.usage.costUsd >= task.budgetUsd
    ? fail(listening, { kind: 'budget', reason: budgetUsedUp(task, text), assignment }, now)
    : begin(listening, assignment, now, text)
}

/** More are forgotten from the oldest on: they are long below what GitHub is asked for. */
const MAX_HEARD = 2000

export function hear(task: Task, comments: readonly CommentId[]): Task {
  return { ...task, heard: [...new Set([...task.heard, ...comments])].slice(-MAX_HEARD) }
}
