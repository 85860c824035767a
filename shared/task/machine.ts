import type { TaskEvent } from '../model/task-event.ts'
import type { Task } from '../model/task.ts'
import type { Transition } from './transition-builders.ts'
import { unreachable } from '../lib/unreachable.ts'
import { ended, spent, started } from './attempt.ts'
import { cancel } from './cancel.ts'
import { checks, markReady, pushed } from './checks.ts'
import { describeState } from './describe-state.ts'
import { closed, issue, merged, pull } from './github.ts'
import { message } from './message.ts'
import { decidePlan, decidePlanOnGitHub } from './plan.ts'
import { feedback, recordComments } from './review.ts'
import { isFinished } from './state.ts'
import { confirm, dismiss, resume, retry } from './terms.ts'
import { illegal, same } from './transition-builders.ts'

/**
 * The only way to change a task. Pure: `now` (ms since the epoch) comes from outside, effects are returned as data.
 * An event that is too late, out of order or from an old attempt gives a reason and changes nothing.
 *
 * This file only distributes events. Each transition builds its result once, from
 * `transition-builders.ts`; none of them calls back into this file or rewrites the result of another.
 */
export function transition(task: Task, event: TaskEvent, now: number): Transition {
  const step = distribute(task, event, now)
  return step.ok ? { ...step, task: { ...step.task, revision: task.revision + 1 } } : step
}

function distribute(task: Task, event: TaskEvent, now: number): Transition {
  const { state } = task
  if (event.kind === 'cleaned')
    return isFinished(state) ? same({ ...task, cleanedUp: true }) : illegal(task, 'be cleaned up')
  if (isFinished(state))
    return { ok: false, kind: 'finished', message: `The task ${describeState(state)}.` }

  switch (event.kind) {
    case 'confirm': return confirm(task, event.edits, now)
    case 'dismiss': return dismiss(task, now)
    case 'retry': return retry(task, event.edits, now)
    case 'resume': return resume(task, now)
    case 'cancel': return cancel(task, now)

    case 'approve-plan':
    case 'revise-plan':
    case 'answer':
      return decidePlan(task, event, now)
    case 'mark-ready': return markReady(task, event.expectedHead, now)
    case 'plan-decision': return decidePlanOnGitHub(task, event, now)
    case 'message': return message(task, event.words, now)

    case 'started': return started(task, event.attempt, now)
    case 'spent': return spent(task, event.attempt, event.usage)
    case 'ended': return ended(task, event.attempt, event.result, now)

    case 'pull': return pull(task, event.pull)
    case 'issue': return issue(task, event.issue)
    case 'checks': return checks(task, event.head, event.verdict, now)
    case 'pushed': return pushed(task, event.head, now)
    case 'heard': return same(recordComments(task, event.comments))
    case 'feedback': return feedback(task, event.comments, now)
    case 'merged': return merged(task, now)
    case 'closed': return closed(task, event.why, now)

    case 'blocked':
      return same({
        ...task,
        blocked: { on: event.on, why: event.why, since: task.blocked?.on === event.on ? task.blocked.since : now },
      })
    case 'unblocked': return same({ ...task, blocked: null })
    default: return unreachable(event)
  }
}
