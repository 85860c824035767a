import { expect, test } from 'vitest'
import { untilDue } from './until-due.ts'

const HOUR_MS = 3_600_000
const at = (hour: number) => new Date(Date.UTC(2026, 10, 30, hour))
function hoursUntilDue(newest: Date | null, tried: Date | null) {
  return untilDue({ newest, tried, everyMs: 24 * HOUR_MS, now: at(12) }) / HOUR_MS
}

test.each([
  ['the first backup is due at once', null, null, 0],
  ['after a restart the newest backup counts', at(2), null, 14],
  ['one is due when the newest is as old as the interval', at(-12), null, 0],
  ['one is due when the newest is older', at(-50), null, 0],
  ['one that failed is tried again at its next time', at(-50), at(11), 23],
  ['a backup of the future says nothing', at(13), null, 0],
])('%s', (_, newest, tried, hours) => {
  expect(hoursUntilDue(newest, tried)).toBe(hours)
})
