import type { AttemptResult } from '#shared/model/task-event.ts'
import { must } from '#shared/lib/must.ts'
import { MAX_CRASHES } from '#shared/model/limits.ts'
import { inbox } from '#shared/task/inbox.ts'
import { transition } from '#shared/task/machine.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'

/** The inbox item, and the failure, of a task whose attempt ends with `result`. Its retries after crashes are used up. */
export function inboxOutcome(result: AttemptResult) {
  const step = transition(buildTask({ state: STATES.implementing, crashes: MAX_CRASHES }), { kind: 'ended', attempt: 1, result }, 2)
  if (!step.ok)
    throw new Error(step.message)
  const { state } = step.task
  const item = must(inbox([step.task], [], Date.now())[0], 'an inbox item')
  return { inbox: item.kind, ...state.status === 'failed' && { kind: state.kind, reason: state.reason } }
}
