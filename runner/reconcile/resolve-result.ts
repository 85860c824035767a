import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Usage } from '#shared/model/task.ts'
import type { Stop } from '../gateway/ledger.ts'

/**
 * How an attempt ended, with what the gateway knows of it: what it really cost, and
 * that it failed because it was refused the model. The worker's own word comes from
 * where a stranger's code ran, so it can make the attempt dearer but not cheaper.
 */
export function resolveResult(
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
