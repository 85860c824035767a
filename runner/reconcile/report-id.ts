import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

/**
 * The id under which the edge applies a report once. An event that can happen only once gets its id from its
 * content, so that a restarted runner's repeat is ignored. A state (checks, a pull request, a block) may be
 * reported again later, even for the same commit after a rerun, and a repeat does no harm: its id is `unique`.
 */
export function reportId(task: TaskId, event: RunnerEvent, unique: () => string): string {
  switch (event.kind) {
    case 'started':
    case 'ended':
      return `${task}/${event.attempt}/${event.kind}`
    case 'merged':
    case 'closed':
    case 'cleaned':
      return `${task}/${event.kind}`
    case 'plan-decision':
      return `${task}/${event.comment ?? `thumb/${unique()}`}`
    case 'pull':
    case 'pushed':
    case 'issue':
    case 'heard':
    case 'checks':
    case 'feedback':
    case 'blocked':
    case 'unblocked':
    case 'spent':
      return `${task}/${event.kind}/${unique()}`
    default:
      return unreachable(event)
  }
}
