import type { DayUsage } from '#shared/model/day-usage.ts'
import type { Tx } from '#shared/mutators/tx.ts'
import type { ModelUsage } from './model.ts'
import { clampCost, clampTokens } from '#shared/model/bounded.ts'
import { usageKey } from '#shared/model/day-usage.ts'
import { costOf } from '#shared/model/model-prices.ts'
import { read, rows } from '#shared/model/rows.ts'

/** Adds a reply's usage to the day's row. Writes nothing when no tokens were used. */
export async function recordUsage(tx: Tx, { model, usage }: { model: string, usage: ModelUsage }): Promise<void> {
  const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  if (tokens === 0)
    return
  const day = new Date(tx.now).toISOString().slice(0, 10)
  const before = await read(tx, rows.usage, day) ?? empty(day)
  const cost = costOf(model, usage)
  await tx.set(usageKey(day), {
    day,
    replies: before.replies + 1,
    inputTokens: clampTokens(before.inputTokens + usage.inputTokens),
    outputTokens: clampTokens(before.outputTokens + usage.outputTokens),
    cacheReadTokens: clampTokens(before.cacheReadTokens + usage.cacheReadTokens),
    cacheWriteTokens: clampTokens(before.cacheWriteTokens + usage.cacheWriteTokens),
    costUsd: clampCost(before.costUsd + (cost ?? 0)),
    unpricedTokens: clampTokens(before.unpricedTokens + (cost === null ? tokens : 0)),
  } satisfies DayUsage)
}

function empty(day: string): DayUsage {
  return {
    day,
    replies: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0,
    unpricedTokens: 0,
  }
}
