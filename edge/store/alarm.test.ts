import { expect, test } from 'vitest'
import { MAX_TIME } from '#shared/model/bounded.ts'
import { computeNextAlarm, createAlarm } from './alarm.ts'

test.each([
  ['without due times there is no alarm', [null, null], null, null],
  ['the earliest due time is taken', [5, null, 3], null, 3],
  ['an earlier time replaces the alarm that is set', [3], 5, 3],
  ['an alarm that is set to an earlier time is kept', [5], 3, null],
  ['the same time is not set twice', [3], 3, null],
  ['a time that no date can say becomes the latest that one may', [1e300, null], null, MAX_TIME],
  ['an endless wait becomes the latest time too', [Infinity], null, MAX_TIME],
  ['a time that is no number is left out', [Number.NaN, 7], null, 7],
  ['a time long past becomes the earliest that the platform accepts', [0, 5], null, 1],
] as const)('%s', (_, due, armed, next) => {
  expect(computeNextAlarm(due, armed)).toBe(next)
})

test('the alarm is set again after it fired', () => {
  const set: number[] = []
  const alarm = createAlarm(async at => void set.push(at), () => {})
  alarm.arm([3])
  alarm.arm([4])
  alarm.fired()
  alarm.arm([4])
  expect(set).toEqual([3, 4])
})

test('an alarm that could not be set is set by the next call', async () => {
  const set: number[] = []
  const pending: Promise<void>[] = []
  const alarm = createAlarm(async (at) => {
    set.push(at)
    if (set.length === 1)
      throw new Error('no')
  }, work => pending.push(work))
  alarm.arm([3])
  await expect(pending[0]).rejects.toThrow('no')
  alarm.arm([4])
  expect(set).toEqual([3, 4])
})
