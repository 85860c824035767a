import { expect, test } from 'vitest'
import { createMutationTimes } from './mutation-times.ts'

test('a replayed mutation keeps its time, and each new one is later although the clock goes back', () => {
  const clock = [1000, 1000, 400]
  const timeOf = createMutationTimes(() => clock.shift() ?? 5000)
  const times = [timeOf('a', 1), timeOf('b', 1), timeOf('a', 2), timeOf('a', 1), timeOf('a', 3)]
  expect(times).toEqual([1000, 1001, 1002, 1000, 5000])
})
