import type { Assignment, FailureKind, Task, TaskState, Work } from '../model/task.ts'
import { unreachable } from '../lib/unreachable.ts'
import { describeState } from './describe-state.ts'
import { unreadMessages } from './state.ts'

/** Becomes an entry of the conversation, for the person and the next turn. */
export interface Announcement { kind: 'announce', text: string }
export type TaskEffect = Announcement

export type Transition
  = | { ok: true, task: Task, effects: TaskEffect[] }
    | { ok: false, kind: 'finished' | 'illegal' | 'stale', message: string }

/** Begins a new attempt in the state of its phase. */
export function begin(task: Task, assignment: Assignment, now: number, text?: string): Transition {
  const attempts = task.attempts + 1
  return enter({ ...task, attempts }, working({ attempt: attempts, assignment, startedAt: null }, now), text)
}

/** Begins a new attempt in the state `queued`: at the start of the task, and after it was paused or failed. */
export function queue(task: Task, assignment: Assignment, now: number, text: string): Transition {
  const attempts = task.attempts + 1
  const work: Work = { attempt: attempts, assignment, startedAt: null }
  return enter({ ...task, attempts }, { status: 'queued', since: now, work }, text)
}

export function working(work: Work, since: number): TaskState {
  switch (work.assignment.phase) {
    case 'plan': return { status: 'planning', since, work }
    case 'implement': return { status: 'implementing', since, work }
    case 'fix': return { status: 'fixing', since, work }
    case 'feedback': return { status: 'addressing_feedback', since, work }
    default: return unreachable(work.assignment)
  }
}

export interface Failure { kind: FailureKind, reason: string, assignment: Assignment }

/** `before` is put in front of the announcement, because each change has only one. */
export function fail(task: Task, failure: Failure, now: number, before?: string): Transition {
  const text = sentences(before, `The task needs you: ${failure.reason}`)
  return enter(task, { status: 'failed', since: now, ...failure }, text)
}

/** Begins an attempt for the person's newest guidance; fails the task when its budget is used up. */
export function beginChange(task: Task, text: string, now: number, before?: string): Transition {
  const assignment: Assignment = { phase: 'feedback', comments: [] }
  return task.usage.costUsd >= task.budgetUsd
    ? fail(task, { kind: 'budget', reason: budgetUsedUp(task, text), assignment }, now, before)
    : begin(task, assignment, now, sentences(before, text))
}

type WaitingState = Extract<TaskState, { status: 'checking' | 'plan_review' | 'waiting_answer' }>

/**
 * Enters a state that waits for CI or the person. When messages arrived while the
 * attempt ran, the next attempt begins instead and reads them first.
 */
export function enterUnlessUnread(task: Task, state: WaitingState, text: string, now: number): Transition {
  if (unreadMessages(task.state) === 0)
    return enter(task, state, text)
  return state.status === 'checking'
    ? beginChange(task, 'It goes on with what it was told meanwhile.', now, text)
    : begin(task, { phase: 'plan' }, now, sentences(text, 'It plans again with what it was told meanwhile.'))
}

export function enter(task: Task, state: TaskState, text?: string): Transition {
  return same({ ...task, state }, text)
}

export function same(task: Task, text?: string): Transition {
  return { ok: true, task, effects: text === undefined ? [] : [{ kind: 'announce', text }] }
}

export function illegal(task: Task, verb: string): Transition {
  return { ok: false, kind: 'illegal', message: `The task ${describeState(task.state)}, so it cannot ${verb}.` }
}

export function stale(attempt: number): Transition {
  return { ok: false, kind: 'stale', message: `Attempt ${attempt} is not the current one.` }
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** Adds the person's words to every later prompt. */
export function guide(task: Task, ...words: string[]): Task {
  return { ...task, guidance: [...task.guidance, ...words] }
}

/** `by`: the GitHub login of the decider; null for the person in mainloop, who need not be named. */
export function nameDecider(text: string, by: string | null): string {
  return by === null ? text : `${text} (${by} said so on GitHub.)`
}

export function budgetUsedUp(task: Task, text: string): string {
  return `The budget of $${task.budgetUsd.toFixed(2)} is used up. ${text}`
}

function sentences(before: string | undefined, text: string): string {
  return before === undefined ? text : `${before} ${text}`
}
