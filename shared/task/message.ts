import type { Task } from '../model/task.ts'
import type { Transition } from './steps.ts'
import { isGivenUp } from './state.ts'
import { begin, beginChange, enter, guide, illegal, same } from './steps.ts'

/**
 * A message to a task at any time. Under review it begins an attempt; while an attempt runs it waits for its end,
 * because an attempt cannot be interrupted without losing its work; otherwise it is part of whatever comes next.
 */
export function message(task: Task, words: string, now: number): Transition {
  const { state } = task
  const told = guide(task, words)
  if (state.status === 'proposed')
    return illegal(task, 'take a message')
  if (state.status === 'plan_review' || state.status === 'waiting_answer')
    return begin(told, { phase: 'plan' }, now, 'The plan was sent back with a message.')
  if (state.status === 'checking' || state.status === 'in_review' || isGivenUp(state))
    return beginChange(told, 'A message asked for a change.', now)
  if (!('work' in state) || state.work.startedAt === null)
    return same(told, 'The task was told more.')
  return enter(
    told,
    { ...state, work: { ...state.work, told: (state.work.told ?? 0) + 1 } },
    'The task was told more. It reads it when its present attempt has ended.',
  )
}
