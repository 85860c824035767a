import type { Task, TaskState } from './model/task.ts'
import type { Transition } from './task-steps.ts'
import { isGivenUp } from './task-checks.ts'
import { begin, enter, fail, illegal, same } from './task-steps.ts'

/**
 * Words for a task at any time. Under review they begin an attempt; while an attempt runs they wait for its end, because it cannot be
 * interrupted without losing its work; otherwise they are part of whatever comes next.
 */
export function message(task: Task, words: string, now: number): Transition {
  const { state } = task
  const told = { ...task, guidance: [...task.guidance, words] }
  if (state.status === 'proposed')
    return illegal(task, 'take a message')
  if (state.status === 'plan_review' || state.status === 'waiting_answer')
    return begin(told, { phase: 'plan' }, now, 'The plan was sent back with a message.')
  if (state.status === 'checking' || state.status === 'in_review' || isGivenUp(state))
    return change(told, now, 'A message asked for a change.')
  if (!('work' in state) || state.work.startedAt === null)
    return same(told, 'The task was told more.')
  return enter(told, { ...state, work: { ...state.work, told: (state.work.told ?? 0) + 1 } }, 'The task was told more. It reads it when its present attempt has ended.')
}

/** What was said while an attempt ran comes before CI and before the person: the next attempt begins with it. */
export function readMessages(before: TaskState, step: Transition, now: number): Transition {
  const told = 'work' in before ? before.work.told ?? 0 : 0
  if (told === 0 || !step.ok)
    return step
  const { task, effects } = step
  switch (task.state.status) {
    case 'checking':
      return after(effects, change(task, now, 'It goes on with what it was told meanwhile.'))
    case 'plan_review':
    case 'waiting_answer':
      return after(effects, begin(task, { phase: 'plan' }, now, 'It plans again with what it was told meanwhile.'))
    default:
      // Any other way on either begins an attempt, which reads everything, or needs the person first.
      return step
  }
}

function change(task: Task, now: number, text: string): Transition {
  const assignment = { phase: 'feedback' as const, comments: [] }
  return task.usage.costUsd >= task.budgetUsd
    ? fail(task, { kind: 'budget', reason: `The budget of $${task.budgetUsd.toFixed(2)} is used up. ${text}`, assignment }, now)
    : begin(task, assignment, now, text)
}

/** One announcement for one change. */
function after(effects: Extract<Transition, { ok: true }>['effects'], step: Transition): Transition {
  return step.ok ? { ...step, effects: [{ kind: 'announce', text: [...effects, ...step.effects].map(({ text }) => text).join(' ') }] } : step
}
