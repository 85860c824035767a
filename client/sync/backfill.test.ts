import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackfill } from './backfill.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function device() {
  let asked = 0
  const backfill = createBackfill(() => void (asked += 1))
  const pulled = (backfilled: boolean, before: number | null, after: number) => {
    backfill.pulled({ backfill: backfilled, before: before === null ? null : { order: 1, floor: before }, after: { order: 2, floor: after } })
    vi.advanceTimersByTime(250)
  }
  return { backfill, pulled, asked: () => asked }
}

test.each<[string, [backfilled: boolean, before: number | null, after: number][], number]>([
  ['a device that holds everything asks for nothing', [[false, null, 1]], 0],
  ['an empty conversation has no past', [[false, null, 0]], 0],
  ['each piece asks for the next', [[false, null, 900], [true, 900, 600], [true, 600, 300]], 3],
  ['it ends at the beginning', [[false, null, 300], [true, 300, 1]], 1],
  ['it ends where the edge has no more for a device', [[false, null, 900], [true, 900, 900], [false, 900, 900]], 1],
  ['a piece that did not come is asked for again', [[false, null, 900], [false, 900, 900]], 2],
])('%s', (_, pulls, times) => {
  const { pulled, asked } = device()
  pulls.forEach(pull => pulled(...pull))
  expect(asked()).toBe(times)
})

test('after a restart the edge may have more', () => {
  const { backfill, pulled, asked } = device()
  pulled(true, 900, 900)
  backfill.restart()
  pulled(false, null, 900)
  expect(asked()).toBe(1)
})

test('several pulls at once ask once', () => {
  const { backfill, asked } = device()
  for (let n = 0; n < 3; n++)
    backfill.pulled({ backfill: false, before: null, after: { order: 1, floor: 900 } })
  vi.advanceTimersByTime(1_000)
  expect(asked()).toBe(1)
})
