import type { ModelUse } from './model-prices.ts'
import { expect, test } from 'vitest'
import { costAtMost, costOf } from './model-prices.ts'

const MILLION = 1_000_000

function use(counts: Partial<ModelUse>): ModelUse {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteHourTokens: 0, webSearches: 0, ...counts }
}

test.each<[string, string, Partial<ModelUse>, number]>([
  ['input and output', 'claude-sonnet-5-5', { inputTokens: MILLION, outputTokens: MILLION }, 12],
  ['reading from the cache', 'claude-sonnet-5-5', { cacheReadTokens: MILLION }, 0.1],
  ['writing to the cache for five minutes', 'claude-opus-5-5', { cacheWriteTokens: MILLION }, 5],
  ['writing to the cache for an hour', 'claude-opus-5-5', { cacheWriteHourTokens: MILLION }, 8],
  ['a web search', 'claude-opus-5-5', { webSearches: 3 }, 0.03],
  ['a dated id, as its model', 'claude-haiku-4-5-20251001', { outputTokens: MILLION }, 5],
  ['a newer model, not as the older one its id begins with', 'claude-opus-4-5', { inputTokens: MILLION }, 5],
  ['an older model with a date', 'claude-opus-4-20250514', { inputTokens: MILLION }, 15],
  ['a short prompt', 'claude-haiku-5-5', { inputTokens: 100_000 }, 0.01],
  ['a long prompt, read from the cache for the most part', 'claude-haiku-5-5', { inputTokens: 100_000, cacheReadTokens: 100_000 }, 0.055],
  ['an unknown model, as the dearest', 'claude-epic-9', { inputTokens: MILLION, outputTokens: MILLION }, 90],
])('%s is priced', (_, model, counts, usd) => {
  expect(costAtMost(model, use(counts))).toBeCloseTo(usd, 10)
})

test.each([
  ['claude-sonnet-5-5', 2],
  ['claude-haiku-5-5-20260901', 0.5],
  ['demo', 0],
  ['somebody-elses', null],
])('a million tokens of input to %s cost %s', (model, usd) => {
  expect(costOf(model, use({ inputTokens: MILLION }))).toBe(usd)
})
