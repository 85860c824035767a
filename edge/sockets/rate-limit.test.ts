import { expect, test } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

function allowed(may: () => boolean, frames: number): number {
  return Array.from({ length: frames }, may).filter(Boolean).length
}

test('a burst is allowed, a flood is not, and waiting allows more', () => {
  const clock = { now: 0 }
  const may = createRateLimit(() => clock.now)
  expect(allowed(may, 10_000)).toBe(2_000)
  clock.now += 1_000
  expect(allowed(may, 10_000)).toBe(500)
  clock.now += 3_600_000
  expect(allowed(may, 10_000)).toBe(2_000)
})

test('a device that keeps below the rate is never refused', () => {
  const clock = { now: 0 }
  const may = createRateLimit(() => clock.now)
  const refused = Array.from({ length: 10_000 }, () => {
    clock.now += 2
    return may()
  }).filter(served => !served)
  expect(refused).toEqual([])
})
