import type { Usage } from '../model/task.ts'
import { clampCost, clampTokens } from '../model/bounded.ts'

/** The sum within the bounds of a usage: JSON has no Infinity, and a row with one could not be read again. */
export function sumUsage(one: Usage, other: Usage): Usage {
  return {
    costUsd: clampCost(one.costUsd + other.costUsd),
    inputTokens: clampTokens(one.inputTokens + other.inputTokens),
    outputTokens: clampTokens(one.outputTokens + other.outputTokens),
  }
}
