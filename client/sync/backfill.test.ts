import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackfill } from './backfill.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function device() {
  let requests = 0
  const backfill = createBackfill(() => void (requests += 1))
  const pulled = (backfilled: boolean, before: number | null, after: number) => {
    const cookieBefore = before === null ? null : { order: 1, floor: before }
    backfill.pulled({ backfill: backfilled, before: cookieBefore, after: { order: 2, floor: after } })
    vi.advanceTimersByTime(250)
  }
  return { backfill, pulled, requests: () => requests }
}

test.each<[string, [backfilled: boolean, before: number | null, after: number][], number]>([
  ['a device that holds everything asks for nothing', [[false, null, 1]], 0],
  ['a device with an empty conversation asks for nothing', [[false, null, 0]], 0],
  ['each piece asks for the next', [[false, null, 900], [true, 900, 600], [true, 600, 300]], 3],
  ['backfill ends at the first message', [[false, null, 300], [true, 300, 1]], 1],
  ['backfill ends where the edge has no more for a device', [[false, null, 900], [true, 900, 900], [false, 900, 900]], 1],
  ['a lost piece is requested again', [[false, null, 900], [false, 900, 900]], 2],
])('%s', (_, pulls, times) => {
  const { pulled, requests } = device()
  pulls.forEach(pull => pulled(...pull))
  expect(requests()).toBe(times)
})

test('backfill begins anew after a restart', () => {
  const { backfill, pulled, requests } = device()
  pulled(true, 900, 900)
  backfill.restart()
  pulled(false, null, 900)
  expect(requests()).toBe(1)
})

test('several pulls at once make one request', () => {
  const { backfill, requests } = device()
  for (let n = 0; n < 3; n++)
    backfill.pulled({ backfill: false, before: null, after: { order: 1, floor: 900 } })
  vi.advanceTimersByTime(1_000)
  expect(requests()).toBe(1)
})
