import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test.each([
  ['words', 'Ada\'s phone', 'Ada\'s phone'],
  ['a family', '👨‍👩‍👧 phone', '👨‍👩‍👧 phone'],
  ['another script', 'هاتف', 'هاتف'],
  ['a terminal\'s command', 'Phone\u001B[2K\rLaptop', 'Phone [2K Laptop'],
  ['a command in one character', 'Phone\u009B2K', 'Phone 2K'],
  ['several lines', 'Phone\nDoes it show "a b c"? y\r\n', 'Phone Does it show "a b c"? y '],
  ['a line that is turned around', 'Phone\u202Egpj.exe\u2066', 'Phone gpj.exe '],
])('%s', (_, text, line) => {
  expect(printable(text)).toBe(line)
})
