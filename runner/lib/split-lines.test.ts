import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

test.each([
  ['whole lines are returned', ['a\nb\n'], ['a', 'b']],
  ['chunks are joined to a line', ['a', 'b', 'c\nd\n'], ['abc', 'd']],
  ['an unfinished line is held back', ['a\nb'], ['a']],
  ['empty lines count', ['\n\n'], ['', '']],
  ['a line above the limit is skipped', ['12345678', '9\nok\n'], ['ok']],
  ['a line of exactly the limit is returned', ['12345678\n'], ['12345678']],
])('%s', (_, chunks, lines) => {
  const split = splitLines(8)
  expect(chunks.flatMap(chunk => split.push(Buffer.from(chunk)))).toEqual(lines)
})

test('a character that spans two chunks is decoded', () => {
  const split = splitLines(8)
  const bytes = Buffer.from('ü\n')
  expect([...split.push(bytes.subarray(0, 1)), ...split.push(bytes.subarray(1))]).toEqual(['ü'])
})

test('a skipped line is counted and not held in memory', () => {
  const split = splitLines(8)
  for (let i = 0; i < 1000; i++)
    split.push(Buffer.alloc(65_536, 'x'))
  split.push(Buffer.from('\n'))
  expect(split.skipped()).toBe(1)
})

test('the caller may reuse its buffer', () => {
  const split = splitLines(8)
  const buffer = Buffer.from('ab')
  split.push(buffer)
  buffer.write('xx')
  expect(split.push(Buffer.from('\n'))).toEqual(['ab'])
})
