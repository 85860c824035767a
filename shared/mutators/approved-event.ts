import type { Approval } from '../model/approval.ts'
import type { PersonEvent } from '../model/task-event.ts'
import { unreachable } from '../lib/unreachable.ts'

/** The event of an approved request. */
export function approvedEvent(wants: Approval['wants']): PersonEvent {
  switch (wants.kind) {
    case 'cancel': return { kind: 'cancel' }
    case 'message': return { kind: 'message', words: wants.words }
    default: return unreachable(wants)
  }
}
