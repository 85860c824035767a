import type { Task } from '#shared/model/task.ts'

export type Tone = 'you' | 'busy' | 'quiet' | 'verified' | 'danger'

/**
 * The colour of a task's state: accent when it waits for the
 * person, red only for failures, green only for verified changes.
 */
export function taskTone({ state }: Task): Tone {
  switch (state.status) {
    case 'failed': return 'danger'
    case 'merged': return 'verified'
    case 'in_review': return state.ci === 'passed' ? 'verified' : 'you'
    case 'proposed':
    case 'plan_review':
    case 'waiting_answer': return 'you'
    case 'planning':
    case 'implementing':
    case 'checking':
    case 'fixing':
    case 'addressing_feedback': return 'busy'
    case 'queued':
    case 'paused':
    case 'closed':
    case 'cancelled': return 'quiet'
  }
}

/** The state in one or two words, for a chip. */
export function taskLabel({ state, fixes, fixLimit }: Task): string {
  switch (state.status) {
    case 'proposed': return 'Proposal'
    case 'queued': return 'Queued'
    case 'planning': return 'Planning'
    case 'plan_review': return 'Plan ready'
    case 'waiting_answer': return 'Question'
    case 'implementing': return 'Building'
    case 'checking': return 'In CI'
    case 'fixing': return `Fix ${fixes} of ${fixLimit}`
    case 'in_review': return state.ci === 'passed' ? 'Ready' : 'Unverified'
    case 'addressing_feedback': return 'Revising'
    case 'paused': return 'Paused'
    case 'merged': return 'Merged'
    case 'closed': return 'Closed'
    case 'cancelled': return state.by === 'dismissed' ? 'Dismissed' : 'Cancelled'
    case 'failed': return 'Failed'
  }
}
