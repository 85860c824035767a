import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logTexts, openLogFile } from './log-file.ts'

test.each([
  ['a line is kept', 'a', ['a']],
  ['empty lines are removed', 'a\r\nb\n\nc', ['a', 'b', 'c']],
  ['colours are removed', '\u001B[31mred\u001B[0m', ['red']],
  ['control characters are removed', 'a\0b\u0007', ['ab']],
  ['white space is no line', ' \n', []],
  ['a long line is cut', 'x'.repeat(5000), [`${'x'.repeat(3992)} … (cut)`]],
])('%s', (_, text, lines) => {
  expect(logTexts(text)).toEqual(lines)
})

test('the log of a stage ends at 8 MB with a notice, and the next stage still logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainloop-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log.jsonl')
  const log = openLogFile({ path, attempt: 1, redact: text => text, now: () => 5 })
  const megabyte = `${'x'.repeat(999)}\n`.repeat(1000)
  for (let i = 0; i < 90; i++)
    log.append('agent', 'say', megabyte)
  log.append('agent', 'say', 'y'.repeat(10_000_000))
  log.append('publish', 'info', 'Pushed it')
  log.close()
  expect(statSync(path).size).toBeLessThan(10_000_000)
  expect(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(-2)
      .map(line => JSON.parse(line).text),
  ).toEqual(['The log ends here: this stage said more than 8 MB.', 'Pushed it'])
})

test('lines are numbered from 1 and redacted before they are written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainloop-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log.jsonl')
  const log = openLogFile({ path, attempt: 2, redact: text => text.replaceAll('secret', '*'), now: () => 5 })
  log.append('checkout', 'info', 'a secret\nb')
  log.append('agent', 'say', 'c')
  log.close()
  expect(readFileSync(path, 'utf8').trim().split('\n').map(line => JSON.parse(line))).toEqual([
    { n: 1, attempt: 2, at: 5, stage: 'checkout', kind: 'info', text: 'a *' },
    { n: 2, attempt: 2, at: 5, stage: 'checkout', kind: 'info', text: 'b' },
    { n: 3, attempt: 2, at: 5, stage: 'agent', kind: 'say', text: 'c' },
  ])
})
