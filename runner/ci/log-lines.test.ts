import { expect, test } from 'vitest'
import { logLines } from './log-lines.ts'

const same = (text: string) => text

test.each([
  ['a timestamp is removed', '2026-03-01T12:00:00.1234567Z hello', ['hello']],
  ['a timestamp after the byte order mark is removed', '\uFEFF2026-03-01T12:00:00.1234567Z hello', ['hello']],
  ['a time in the output stays', '2026-03-01T12:00:00.1234567Z at 2026-03-01T12:00:00Z', ['at 2026-03-01T12:00:00Z']],
  ['colours are removed', '\u001B[31mred\u001B[39m \u001B[1;4mbold\u001B[0m', ['red bold']],
  ['links keep their text', '\u001B]8;;https://example.org\u0007text\u001B]8;;\u0007', ['text']],
  ['Windows line ends are removed', 'a\r\nb\r\n', ['a', 'b']],
  ['a progress bar keeps its last state', ' 10%\r 50%\r100%', ['100%']],
  ['indentation stays', '2026-03-01T12:00:00.1234567Z   at file.ts:1', ['  at file.ts:1']],
  ['empty lines at the end are removed', 'a\n\n\n', ['a']],
  ['an overlong line is cut', 'x'.repeat(5000), [`${'x'.repeat(1000)} …`]],
])('%s', (_, raw, lines) => {
  expect(logLines(raw, same)).toEqual(lines)
})

test('secrets are redacted before a line is cut, so that no half of one is left', () => {
  const hide = (text: string) => text.replaceAll('hunter2-hunter2', '[redacted]')
  const [line] = logLines(`${'x'.repeat(995)}hunter2-hunter2`, hide)
  expect(line).toBe(`${'x'.repeat(995)}[reda …`)
})

test('a secret with colours in it is redacted', () => {
  expect(logLines('hun\u001B[1mter2', text => text.replaceAll('hunter2', '***'))).toEqual(['***'])
})
