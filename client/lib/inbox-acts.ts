import type { InboxItem } from '#shared/model/inbox.ts'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { Task } from '#shared/model/task.ts'
import { parseRepository } from '#shared/model/repository.ts'

export interface InboxAct { label: string, event: PersonEvent }

/** What a swipe or a key does to an item: `yes` moves it on, `no` ends it. What needs words or a look has neither. */
export interface InboxActs { yes: InboxAct | null, no: InboxAct | null }

export function inboxActs(kind: InboxItem['kind'], { repository }: Pick<Task, 'repository'>): InboxActs {
  switch (kind) {
    case 'proposal':
      return { yes: parseRepository(repository).ok ? { label: 'Start task', event: { kind: 'confirm' } } : null, no: { label: 'Dismiss', event: { kind: 'dismiss' } } }
    case 'plan':
      return { yes: { label: 'Approve plan', event: { kind: 'approve-plan' } }, no: null }
    case 'failure':
      return { yes: { label: 'Try again', event: { kind: 'retry' } }, no: { label: 'Cancel task', event: { kind: 'cancel' } } }
    case 'questions':
    case 'review':
    case 'unverified':
    case 'ask':
      return { yes: null, no: null }
  }
}

const DONE: { [K in PersonEvent['kind']]: string } = {
  'confirm': 'Task started',
  'dismiss': 'Dismissed',
  'cancel': 'Task cancelled',
  'retry': 'Trying again',
  'approve-plan': 'Plan approved',
  'revise-plan': 'Sent back',
  'answer': 'Answered',
  'message': 'Told',
}

/** What was decided, in words that stand beside *Undo*. */
export function decidedWords({ kind }: PersonEvent): string {
  return DONE[kind]
}
