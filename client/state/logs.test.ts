import type { LogLine } from '#shared/protocol/log.ts'
import { expect, test } from 'vitest'
import { withLines } from './logs.ts'

function lines(...names: string[]): LogLine[] {
  return names.map((name) => {
    const [attempt, n] = name.split('.').map(Number)
    return { attempt: attempt ?? 0, n: n ?? 0, at: 0, stage: 'agent', kind: 'info', text: name }
  })
}

test.each([
  ['new lines go to the end', lines('1.1'), lines('1.2', '1.3'), ['1.1', '1.2', '1.3']],
  ['a repeated line appears once', lines('1.1', '1.2'), lines('1.2', '1.3'), ['1.1', '1.2', '1.3']],
  ['a late whole log goes before the tail', lines('2.5'), lines('1.1', '2.4'), ['1.1', '2.4', '2.5']],
  ['lines out of order are sorted', [], lines('1.2', '1.1'), ['1.1', '1.2']],
])('%s', (_, tail, more, texts) => {
  expect(withLines(tail, more).map(({ text }) => text)).toEqual(texts)
})

test('only the newest lines are kept', () => {
  const many = lines(...Array.from({ length: 2_500 }, (_, i) => `1.${i + 1}`))
  const tail = withLines([], many)
  expect([tail.length, tail[0]?.n, tail.at(-1)?.n]).toEqual([2_000, 501, 2_500])
})
