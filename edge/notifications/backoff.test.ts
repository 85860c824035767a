import { expect, test } from 'vitest'
import { backoffAfter, NO_BACKOFF } from './backoff.ts'

const NOW = 1_000_000

test.each([
  ['the first refusal is a short backoff', 0, null, 5_000],
  ['each in a row doubles it', 3, null, 40_000],
  ['up to an hour', 50, null, 3_600_000],
  ['who asks for longer is left alone for longer', 0, NOW + 120_000, 120_000],
  ['who asks for less is not asked more often', 3, NOW + 1_000, 40_000],
  ['a date that is over says nothing', 0, NOW - 60_000, 5_000],
  ['who asks for years is asked again within the hour', 0, NOW * 1_000_000, 3_600_000],
])('%s', (_, refusals, asked, wait) => {
  expect(backoffAfter({ ...NO_BACKOFF, refusals }, asked, NOW)).toEqual({ refusals: refusals + 1, retryAt: NOW + wait })
})
