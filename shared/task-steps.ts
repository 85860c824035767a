import type { Assignment, FailureKind, Task, TaskState, Work } from './model/task.ts'
import { unreachable } from './lib/unreachable.ts'
import { describeState } from './task-words.ts'

/** Something to tell the person and the next turn; becomes an entry of the conversation. */
export interface Announcement { kind: 'announce', text: string }
export type TaskEffect = Announcement

export type Transition
  = | { ok: true, task: Task, effects: TaskEffect[] }
    | { ok: false, kind: 'finished' | 'illegal' | 'stale', message: string }

/** A new attempt in the state of its phase. */
export function begin(task: Task, assignment: Assignment, now: number, text?: string): Transition {
  const attempts = task.attempts + 1
  return enter({ ...task, attempts }, working({ attempt: attempts, assignment, startedAt: null }, now), text)
}

/** A new attempt that says it waits for its turn: at the start, and after a pause or a failure. */
export function queue(task: Task, assignment: Assignment, now: number, text: string): Transition {
  const attempts = task.attempts + 1
  return enter({ ...task, attempts }, { status: 'queued', since: now, work: { attempt: attempts, assignment, startedAt: null } }, text)
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

export function fail(task: Task, { kind, reason, assignment }: { kind: FailureKind, reason: string, assignment: Assignment }, now: number): Transition {
  return enter(task, { status: 'failed', since: now, kind, reason, assignment }, `The task needs you: ${reason}`)
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
