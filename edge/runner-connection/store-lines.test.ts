import type { LogLine } from '#shared/protocol/log.ts'
import { expect, test } from 'vitest'
import { withStore } from '../testing/harness.ts'
import { readLog } from './read-log.ts'
import { MAX_KEPT_LINES, storeLines } from './store-lines.ts'

const TASK = 'a1b2c3d4e5'

function line(n: number, attempt = 1): LogLine {
  return { attempt, n, at: 1, stage: 'agent', kind: 'info', text: `line ${n}` }
}

const numbers = (lines: readonly LogLine[]) => lines.map(({ attempt, n }) => `${attempt}/${n}`)

test.each<[string, number[], number[], number, string[]]>([
  ['the first lines are stored', [], [1, 2], 2, ['1/1', '1/2']],
  ['lines that continue are stored', [1, 2], [3], 3, ['1/3']],
  ['repeated lines are skipped', [1, 2], [1, 2, 3], 3, ['1/3']],
  ['lines after a gap are left out', [1], [3, 4], 1, []],
  ['lines after a gap within a frame are left out', [], [1, 3], 1, ['1/1']],
  ['a log does not begin in the middle', [], [2], 0, []],
])('%s', (_, before, sent, n, fresh) => withStore(async (store) => {
  if (before.length > 0)
    await storeLines(store, TASK, before.map(each => line(each)))
  const [stored] = await storeLines(store, TASK, sent.map(each => line(each)))
  expect([stored?.n, numbers(stored?.fresh ?? [])]).toEqual([n, fresh])
}))

test('each attempt has its own numbers', () => withStore(async (store) => {
  const stored = await storeLines(store, TASK, [line(1, 1), line(1, 2), line(2, 2)])
  expect(stored.map(({ attempt, n }) => [attempt, n])).toEqual([[1, 1], [2, 2]])
  expect(numbers(readLog(store.sql, TASK, { after: 0 }).lines)).toEqual(['1/1', '2/1', '2/2'])
}))

test('lines beyond the limit are shown but not kept, and the last kept line says so', () => withStore(async (store) => {
  const last = MAX_KEPT_LINES
  const query = 'INSERT INTO log_lines (task, attempt, n, line) VALUES (?, 1, ?, ?)'
  store.sql.exec(query, TASK, last - 1, JSON.stringify(line(last - 1)))
  const [at] = await storeLines(store, TASK, [line(last), line(last + 1)])
  const [beyond] = await storeLines(store, TASK, [line(last + 2)])
  expect([at?.n, beyond?.n]).toEqual([last + 1, last + 2])
  expect(numbers(beyond?.fresh ?? [])).toEqual([`1/${last + 2}`])

  const kept = readLog(store.sql, TASK, { attempt: 1, after: 0 }).lines
  expect(numbers(kept)).toEqual([`1/${last - 1}`, `1/${last}`])
  expect(kept.at(-1)?.text).toMatch(/not kept/)
}))

test('a long log is read in pages or from its end', () => withStore(async (store) => {
  await storeLines(store, TASK, Array.from({ length: 2500 }, (_, i) => line(i + 1)))
  const tail = readLog(store.sql, TASK, { after: 0 })
  expect([tail.lines.at(0)?.n, tail.lines.at(-1)?.n, tail.more]).toEqual([501, 2500, true])
  const first = readLog(store.sql, TASK, { attempt: 1, after: 0 })
  expect([first.lines.at(-1)?.n, first.more]).toEqual([2000, true])
  const second = readLog(store.sql, TASK, { attempt: 1, after: 2000 })
  expect([second.lines.at(0)?.n, second.lines.length, second.more]).toEqual([2001, 500, false])
}))
