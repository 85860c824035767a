import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutTo } from './cut-to.ts'

test.each([
  ['a shorter text is whole', 'abc', 5, 'abc'],
  ['a longer one is cut', 'abcdef', 3, 'abc'],
  ['a pair at the cut is left out', 'ab🙂c', 3, 'ab'],
  ['a pair before the cut stays', 'ab🙂c', 4, 'ab🙂'],
  ['nothing stays of a pair in one unit', '🙂', 1, ''],
])('%s', (_, text, length, cut) => {
  expect(cutTo(text, length)).toBe(cut)
})

test('well-formed text stays well-formed, wherever it is cut', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.nat(20), (text, length) => {
    const cut = cutTo(text, length)
    return cut.isWellFormed() && cut.length <= length && text.startsWith(cut) && cut.length >= Math.min(length, text.length) - 1
  }))
})
