import { expect, test } from 'vitest'
import { MAX_EPOCH } from '#shared/protocol/epoch.ts'
import { parseEpoch } from './epoch.ts'

test('an epoch is a whole number up to the highest, and 1 when it is not set', () => {
  expect([undefined, '', '7', String(MAX_EPOCH)].map(parseEpoch)).toEqual([1, 1, 7, MAX_EPOCH])
})

test.each(['two', '1.5', '0', '-1', '1e9', String(MAX_EPOCH + 1)])('the epoch %j is refused with a sentence', (text) => {
  expect(() => parseEpoch(text)).toThrow(`EPOCH is ${JSON.stringify(text)}. Expected: a whole number from 1 to 500.`)
})
