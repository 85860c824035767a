import type { PersonEvent } from '#shared/model/task-event.ts'
import type { Task } from '#shared/model/task.ts'
import type { InboxItem } from '#shared/task/inbox.ts'
import { parseRepository } from '#shared/model/repository.ts'

export interface InboxAction { label: string, event: PersonEvent }

/** Actions of an item's swipes and keys: `yes` advances it, `no` ends it; null if the item needs text or reading. */
export interface InboxActions { yes: InboxAction | null, no: InboxAction | null }

export function inboxActions(
  kind: InboxItem['kind'],
  { repository, state }: Pick<Task, 'repository' | 'state'>,
): InboxActions {
  switch (kind) {
    case 'proposal':
      return {
        yes: parseRepository(repository).ok ? { label: 'Start task', event: { kind: 'confirm' } } : null,
        no: { label: 'Dismiss', event: { kind: 'dismiss' } },
      }
    case 'plan':
      return { yes: { label: 'Approve plan', event: { kind: 'approve-plan' } }, no: null }
    case 'failure':
      return {
        yes: { label: 'Try again', event: { kind: 'retry' } },
        no: { label: 'Cancel task', event: { kind: 'cancel' } },
      }
    case 'draft':
    case 'stalled': {
      const event = markReadyEvent(state)
      return { yes: event && { label: 'Mark ready', event }, no: { label: 'Cancel task', event: { kind: 'cancel' } } }
    }
    case 'paused':
    case 'blocked':
      return { yes: null, no: { label: 'Cancel task', event: { kind: 'cancel' } } }
    case 'questions':
    case 'review':
    case 'unverified':
    case 'approval':
      return { yes: null, no: null }
  }
}

/** The decision to mark the pull request ready; null in states that do not allow it. */
export function markReadyEvent(state: Task['state']): PersonEvent | null {
  return state.status === 'checking' || (state.status === 'in_review' && state.ci !== 'passed' && !state.ready)
    ? { kind: 'mark-ready', expectedHead: state.head }
    : null
}

const DECISION: { [K in PersonEvent['kind']]: string } = {
  'confirm': 'Task started',
  'dismiss': 'Dismissed',
  'cancel': 'Task cancelled',
  'retry': 'Trying again',
  'approve-plan': 'Plan approved',
  'mark-ready': 'Marked ready',
  'revise-plan': 'Sent back',
  'answer': 'Answered',
  'message': 'Told',
}

/** The sentence about a decision beside its *Undo* button. */
export function decisionLabel({ kind }: PersonEvent): string {
  return DECISION[kind]
}
