import { expect, test } from 'vitest'
import { elapsed, relativeTime } from './relative-time.ts'

const MINUTE = 60_000

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [MINUTE, '1 min ago'],
  [59 * MINUTE, '59 min ago'],
  [60 * MINUTE, '1 h ago'],
  [24 * 60 * MINUTE, '1 day ago'],
  [49 * 60 * MINUTE, '2 days ago'],
  [-5 * MINUTE, 'just now'],
])('%i ms before now is %s', (ms, text) => {
  expect(relativeTime(1_000_000_000 - ms, 1_000_000_000)).toBe(text)
})

test.each([
  [42_000, '0:42'],
  [725_000, '12:05'],
  [3_723_000, '1:02:03'],
  [-1, '0:00'],
])('%i ms of work are %s', (ms, clock) => {
  expect(elapsed(0, ms)).toBe(clock)
})
