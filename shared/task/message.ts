import type { Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { isGivenUp } from './state.ts'
import { begin, beginChange, enter, guide, illegal, same } from './transition-builders.ts'

/**
 * The person's message to a task, in any state. Under review it begins an attempt. While an attempt runs it waits for
 * the end, because an interrupted attempt would lose its work. Otherwise the next attempt reads it.
 */
export function message(task: Task, words: string, now: number): Transition {
  const { state } = task
  const guided = guide(task, words)
  if (state.status === 'proposed')
    return illegal(task, 'take a message')
  if (state.status === 'plan_review' || state.status === 'waiting_answer')
    return begin(guided, { phase: 'plan' }, now, 'The plan was sent back with a message.')
  if (state.status === 'checking' || state.status === 'in_review' || isGivenUp(state))
    return beginChange(guided, 'A message asked for a change.', now)
  if (!('work' in state) || state.work.startedAt === null)
    return same(guided, 'The task was told more.')
  return enter(
    guided,
    { ...state, work: { ...state.work, told: (state.work.told ?? 0) + 1 } },
    'The task was told more. It reads it when its present attempt has ended.',
  )
}
