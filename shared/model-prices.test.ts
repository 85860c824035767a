import { expect, test } from 'vitest'
import { costOf } from './model-prices.ts'

const million = { inputTokens: 1_000_000, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

test.each([
  ['claude-opus-5-5', 5],
  ['claude-sonnet-5-5', 3],
  ['claude-haiku-5-5-20260901', 1],
  ['demo', 0],
  ['somebody-elses', null],
])('a million tokens of input to %s cost %s', (model, usd) => {
  expect(costOf(model, million)).toBe(usd)
})

test('each kind of token has its own price', () => {
  expect(costOf('claude-sonnet-5-5', { inputTokens: 1_000, outputTokens: 1_000, cacheReadTokens: 1_000, cacheWriteTokens: 1_000 })).toBeCloseTo(0.003 + 0.015 + 0.0003 + 0.00375)
})
