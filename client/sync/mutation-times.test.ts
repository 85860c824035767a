import { expect, test } from 'vitest'
import { createMutationTimes } from './mutation-times.ts'

test('a replayed mutation keeps its time, and each new one is later, whatever the clock does', () => {
  const clock = [1000, 1000, 400]
  const timeOf = createMutationTimes(() => clock.shift() ?? 5000)
  expect([timeOf('a', 1), timeOf('b', 1), timeOf('a', 2), timeOf('a', 1), timeOf('a', 3)]).toEqual([1000, 1001, 1002, 1000, 5000])
})
