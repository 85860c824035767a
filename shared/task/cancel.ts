import type { Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { enter, nameDecider } from './transition-builders.ts'

/** Ends a task for good, in any state that is not final. `by`: as in `decidePlan`, which also takes it from GitHub. */
export function cancel(task: Task, now: number, by: string | null = null): Transition {
  const text = nameDecider('The task was cancelled.', by)
  return enter(task, { status: 'cancelled', since: now, by: 'person' }, text)
}
