import { expect, test } from 'vitest'
import { trimText } from './trim-text.ts'

test.each([
  ['', ''],
  [' \n\t\n ', ''],
  ['Hello', 'Hello'],
  ['\n \r\n  if (a)\n    b()\n\n', '  if (a)\n    b()'],
  ['\tindented', '\tindented'],
  ['a\n\n b ', 'a\n\n b'],
])('%j becomes %j', (text, trimmed) => {
  expect(trimText(text)).toBe(trimmed)
})

test('a long text of blank lines takes no long time', () => {
  const blank = ' \n'.repeat(100_000)
  expect(trimText(`${blank}x${blank}`)).toBe('x')
  expect(trimText(`${' '.repeat(200_000)}x`)).toHaveLength(200_001)
})
