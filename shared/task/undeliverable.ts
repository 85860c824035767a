import type { RunnerEvent } from '../model/task-event.ts'
import { usage } from '../model/task.ts'
import { cutTo } from '../text/cut-to.ts'

/**
 * The small event that stands for one that the edge cannot take: the task fails or is blocked with the reason, and no
 * other task notices.
 */
export function undeliverable(event: RunnerEvent, why: string): RunnerEvent {
  if (event.kind !== 'ended') {
    const blockedBy = `The report "${event.kind}" could not be delivered. ${why}`
    return { kind: 'blocked', on: 'runner', why: cutTo(blockedBy, MAX_WHY) }
  }
  const reason = `The result of the attempt ("${event.result.outcome}") could not be delivered. ${why}`
  return {
    kind: 'ended',
    attempt: event.attempt,
    result: {
      outcome: 'failed',
      kind: 'agent',
      reason: cutTo(reason, MAX_REASON),
      usage: usage.safeParse(event.result.usage).data ?? NOTHING_SPENT,
    },
  }
}

/** A sentence is enough for the person; the runner's log has the rest. Characters. */
const MAX_WHY = 500
const MAX_REASON = 1000

const NOTHING_SPENT = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
