import type { Ask } from '../model/ask.ts'
import type { PersonEvent } from '../model/task-event.ts'
import { unreachable } from '../lib/unreachable.ts'

/** What happens to the task when the person agrees. */
export function askedEvent(wants: Ask['wants']): PersonEvent {
  switch (wants.kind) {
    case 'cancel': return { kind: 'cancel' }
    case 'message': return { kind: 'message', words: wants.words }
    default: return unreachable(wants)
  }
}
