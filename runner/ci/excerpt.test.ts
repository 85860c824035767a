import { expect, test } from 'vitest'
import { excerpt } from './excerpt.ts'
import { logLines } from './log-lines.ts'

/** A job's log as Actions writes it. */
function log(...lines: string[]): string[] {
  return logLines(lines.map(line => `2026-03-01T12:00:00.1234567Z ${line}`).join('\n'), text => text)
}

function step(command: string, ...output: string[]): string[] {
  return [`##[group]Run ${command}`, `\u001B[36;1m${command}\u001B[0m`, 'shell: /usr/bin/bash -e {0}', '##[endgroup]', ...output]
}

const numbered = (count: number, word = 'line') => Array.from({ length: count }, (_, n) => `${word} ${n + 1}`)
const ERROR = '##[error]Process completed with exit code 1.'
const LIMIT = 2000

test('only the failing step is shown, without the workflow\'s own text and the clean-up', () => {
  const lines = log(
    'Current runner version: 2.330.0',
    ...step('actions/checkout@v4', 'Syncing repository'),
    ...step('npm ci', 'added 200 packages'),
    ...step('npm test', 'not ok 1 - adds', 'expected 3, got 4', ERROR),
    'Post job cleanup.',
    'git config --local --unset-all',
    'Cleaning up orphan processes',
    'Terminate orphan process: pid (2) (node)',
  )
  expect(excerpt(lines, LIMIT)).toBe('> Run npm test\nnot ok 1 - adds\nexpected 3, got 4\nError: Process completed with exit code 1.')
})

test('the script\'s own groups are output', () => {
  const lines = log(...step('make', '##[group]Compiling', 'cc main.c', '##[endgroup]', 'ld: symbol not found', ERROR))
  expect(excerpt(lines, LIMIT)).toBe('> Run make\nCompiling\ncc main.c\nld: symbol not found\nError: Process completed with exit code 1.')
})

test('a script\'s group that looks like a step loses no lines', () => {
  const lines = log(...step('make', '##[group]Run the tests', 'not ok 1', '##[endgroup]', ERROR))
  expect(excerpt(lines, LIMIT)).toBe('> Run the tests\nnot ok 1\nError: Process completed with exit code 1.')
})

test('two failing steps are both shown', () => {
  const lines = log(...step('a', 'first', ERROR), ...step('b', 'fine'), ...step('c', 'second', ERROR))
  expect(excerpt(lines, LIMIT)).toBe('> Run a\nfirst\nError: Process completed with exit code 1.\n> Run c\nsecond\nError: Process completed with exit code 1.')
})

test('an error before the first step is shown', () => {
  expect(excerpt(log('##[error]Unable to resolve action `x/y@v1`, not found'), LIMIT))
    .toBe('> Start of the log\nError: Unable to resolve action `x/y@v1`, not found')
})

test('a job that was killed shows its last step', () => {
  expect(excerpt(log(...step('a', 'fine'), ...step('b', 'working'), 'Post job cleanup.', 'bye'), LIMIT)).toBe('> Run b\nworking')
})

test('the clean-up is not part of the last step', () => {
  expect(excerpt(log(...step('a', 'broken', ERROR), 'Cleaning up orphan processes'), LIMIT)).toBe('> Run a\nbroken\nError: Process completed with exit code 1.')
})

test('an empty log is an empty excerpt', () => {
  expect(excerpt(log(''), LIMIT)).toBe('')
})

test('a long step keeps its errors and its end, in order, with the gaps marked', () => {
  const lines = log(...step('npm test', ...numbered(500), 'TypeError: x is not a function', '    at add (src/add.ts:3:9)', ...numbered(500, 'later'), ERROR))
  const text = excerpt(lines, LIMIT)
  expect(text.length).toBeLessThanOrEqual(LIMIT)
  expect(text).toMatch(/^> Run npm test\n… \d+ lines …\n/)
  expect(text).toContain('line 500\nTypeError: x is not a function\n    at add (src/add.ts:3:9)\nlater 1\n')
  expect(text).toMatch(/\n… \d+ lines …\n(?:later \d+\n)+Error: Process completed with exit code 1\.$/)
})

test('the gaps add up to the lines left out', () => {
  const lines = log(...step('npm test', ...numbered(1000), ERROR))
  const kept = excerpt(lines, LIMIT).split('\n').slice(1)
  const total = kept.reduce((sum, line) => sum + Number(/^… (\d+) lines …$/.exec(line)?.[1] ?? 1), 0)
  expect(total).toBe(1001)
})

test('the first of many failures are kept, since the others often follow from them', () => {
  const lines = log(...step('tsc', ...numbered(1000, 'src/a.ts: error'), ERROR))
  const text = excerpt(lines, LIMIT)
  expect(text).toContain('src/a.ts: error 1\nsrc/a.ts: error 2\n')
  expect(text).not.toContain('error 500\n')
})

test.each([0, 1, 10, 100, 1000, 10_000])('an excerpt has at most %i characters', (limit) => {
  const lines = log(...step('a', ...numbered(300), 'x'.repeat(3000), ERROR), ...step('b', ...numbered(300), ERROR))
  expect(excerpt(lines, limit).length).toBeLessThanOrEqual(limit)
})
