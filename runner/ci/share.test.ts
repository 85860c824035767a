import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { share } from './share.ts'

test.each([
  ['needs below the total are met in full', [10, 20], 100, [10, 20]],
  ['large needs share the rest evenly', [10, 500, 500], 100, [10, 45, 45]],
  ['a single need gets the total', [500], 100, [100]],
  ['no needs get no shares', [], 100, []],
])('%s', (_, needs, total, shares) => {
  expect(share(needs, total)).toEqual(shares)
})

test('shares stay within needs and total, and use as much of the total as is needed', () => {
  fc.assert(fc.property(fc.array(fc.nat(1000)), fc.nat(10_000), (needs, total) => {
    const shares = share(needs, total)
    const sum = shares.reduce((a, b) => a + b, 0)
    expect(shares.every((one, index) => one <= (needs[index] ?? 0))).toBe(true)
    expect(sum).toBe(Math.min(total, needs.reduce((a, b) => a + b, 0)))
  }))
})
