import type { TaskState } from '../model/task.ts'
import { unreachable } from '../lib/unreachable.ts'

/** The rest of a sentence that begins with "The task". */
export function describeState(state: TaskState): string {
  switch (state.status) {
    case 'proposed': return 'waits for you to start it'
    case 'queued': return 'is queued'
    case 'planning': return 'is being planned'
    case 'plan_review': return 'waits for you to review its plan'
    case 'waiting_answer': return 'waits for your answers'
    case 'implementing': return 'is being implemented'
    case 'checking': return 'waits for CI'
    case 'fixing': return 'is being fixed'
    case 'in_review': return 'waits for your review'
    case 'addressing_feedback': return 'is being changed after a review'
    case 'paused': return 'is paused'
    case 'merged': return 'is merged'
    case 'closed': return 'was closed without merging'
    case 'cancelled': return state.by === 'dismissed' ? 'was dismissed' : 'was cancelled'
    case 'failed': return 'has failed'
    default: return unreachable(state)
  }
}
