/** What a model costs. USD a million tokens. */
export interface ModelPrice { input: number, output: number, cacheRead: number, cacheWrite: number }

export interface TokenCounts { inputTokens: number, outputTokens: number, cacheReadTokens: number, cacheWriteTokens: number }

/** List prices by the beginning of the model's id, so that a new release of a family has one. Cache writes for five minutes. */
const PRICES: readonly (readonly [family: string, price: ModelPrice])[] = [
  ['claude-opus-', { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 }],
  ['claude-sonnet-', { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }],
  ['claude-haiku-', { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 }],
  ['demo', { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }],
]

/** USD; null when the model's price is not known. */
export function costOf(model: string, counts: TokenCounts): number | null {
  const price = PRICES.find(([family]) => model.startsWith(family))?.[1]
  if (!price)
    return null
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = counts
  return (inputTokens * price.input + outputTokens * price.output + cacheReadTokens * price.cacheRead + cacheWriteTokens * price.cacheWrite) / 1_000_000
}
