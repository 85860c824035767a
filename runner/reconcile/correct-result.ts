import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Usage } from '#shared/model/task.ts'
import type { Stop } from '../gateway/ledger.ts'

/**
 * Corrects the worker's result with the gateway's knowledge: the higher usage of the two, and a refusal by the
 * gateway as the cause of a failure. The worker's numbers come from a place where foreign code ran, so they can
 * raise the cost of the attempt but not lower it.
 */
export function correctResult(
  result: AttemptResult,
  { spent, refusal }: { spent: Usage | null, refusal: Stop | null },
): AttemptResult {
  const usage = spent && spent.costUsd > result.usage.costUsd ? spent : result.usage
  if (refusal === null || !(result.outcome === 'failed' || result.outcome === 'limited'))
    return { ...result, usage }
  return refusal.kind === 'budget'
    ? { outcome: 'failed', kind: 'budget', reason: refusal.why, usage }
    : { outcome: 'limited', until: refusal.until, why: refusal.why, usage }
}
