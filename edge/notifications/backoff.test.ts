import { expect, test } from 'vitest'
import { backoffAfter, NO_BACKOFF } from './backoff.ts'

const NOW = 1_000_000

test.each([
  ['the first refusal causes a short backoff', 0, null, 5_000],
  ['each further refusal doubles it', 3, null, 40_000],
  ['an hour is the maximum', 50, null, 3_600_000],
  ['a longer retry-after is obeyed', 0, NOW + 120_000, 120_000],
  ['a shorter retry-after does not shorten the backoff', 3, NOW + 1_000, 40_000],
  ['a retry-after in the past is ignored', 0, NOW - 60_000, 5_000],
  ['a retry-after of years becomes an hour', 0, NOW * 1_000_000, 3_600_000],
])('%s', (_, refusals, asked, wait) => {
  expect(backoffAfter({ ...NO_BACKOFF, refusals }, asked, NOW)).toEqual({ refusals: refusals + 1, retryAt: NOW + wait })
})
