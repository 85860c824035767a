import { expect, test } from 'vitest'
import { backoff, jittered } from './backoff.ts'

const RANGE = { firstMs: 500, maxMs: 3_000 }

test.each([[0, 500], [1, 1_000], [2, 2_000], [3, 3_000], [2_000, 3_000]])('after %i earlier failures the wait is %i ms', (earlier, ms) => {
  expect(backoff(RANGE, earlier)).toBe(ms)
})

test.each([[0, 500], [0.5, 750], [0.999, 1_000]])('chance %f spreads a second to %i ms', (chance, ms) => {
  expect(jittered(1_000, chance)).toBe(ms)
})
