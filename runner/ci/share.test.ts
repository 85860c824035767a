import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { share } from './share.ts'

test.each([
  ['what fits is given whole', [10, 20], 100, [10, 20]],
  ['large needs share what the small ones leave', [10, 500, 500], 100, [10, 45, 45]],
  ['one gets everything', [500], 100, [100]],
  ['nobody needs anything', [], 100, []],
])('%s', (_, needs, total, shares) => {
  expect(share(needs, total)).toEqual(shares)
})

test('nobody gets more than needed, all together not more than there is, and nothing needed is left over', () => {
  fc.assert(fc.property(fc.array(fc.nat(1000)), fc.nat(10_000), (needs, total) => {
    const shares = share(needs, total)
    const given = shares.reduce((a, b) => a + b, 0)
    expect(shares.every((one, index) => one <= (needs[index] ?? 0))).toBe(true)
    expect(given).toBe(Math.min(total, needs.reduce((a, b) => a + b, 0)))
  }))
})
