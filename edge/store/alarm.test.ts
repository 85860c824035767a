import { expect, test } from 'vitest'
import { computeNextAlarm, createAlarm } from './alarm.ts'

test.each([
  ['nobody waits', [null, null], null, null],
  ['the earliest wins', [5, null, 3], null, 3],
  ['an earlier one replaces the one that is set', [3], 5, 3],
  ['one that rings earlier anyway is kept', [5], 3, null],
  ['the same is not set twice', [3], 3, null],
  ['what is long over rings at once, at a time that the platform takes', [0, 5], null, 1],
] as const)('%s', (_, due, armed, next) => {
  expect(computeNextAlarm(due, armed)).toBe(next)
})

test('is set again after it rang', () => {
  const set: number[] = []
  const alarm = createAlarm(async at => void set.push(at), () => {})
  alarm.arm([3])
  alarm.arm([4])
  alarm.rang()
  alarm.arm([4])
  expect(set).toEqual([3, 4])
})

test('one that could not be set is not taken for set', async () => {
  const set: number[] = []
  const works: Promise<void>[] = []
  const alarm = createAlarm(async (at) => {
    set.push(at)
    if (set.length === 1)
      throw new Error('no')
  }, work => works.push(work))
  alarm.arm([3])
  await expect(works[0]).rejects.toThrow('no')
  alarm.arm([4])
  expect(set).toEqual([3, 4])
})
