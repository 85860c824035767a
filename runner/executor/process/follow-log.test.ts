import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followLog } from './follow-log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainloop-follow-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const line = (n: number, text = `line ${n}`): string => `${JSON.stringify({ n, attempt: 1, at: 0, stage: 'agent', kind: 'info', text })}\n`

function follow({ after = 0, ended = async () => true, signal = new AbortController().signal } = {}) {
  return followLog({ path: join(folder, 'log'), after, ended, signal })
}

async function numbers(lines: AsyncIterable<{ n: number }>): Promise<number[]> {
  const all: number[] = []
  for await (const { n } of lines)
    all.push(n)
  return all
}

test.each([
  ['all lines are read', line(1) + line(2), 0, [1, 2]],
  ['lines up to `after` are skipped', line(1) + line(2) + line(3), 2, [3]],
  ['a missing file has no lines', null, 0, []],
  ['an incomplete line is skipped', line(1) + line(2).slice(0, 20), 0, [1]],
  ['a line of 10 MB is skipped', line(1) + line(2, 'x'.repeat(10_000_000)) + line(3), 0, [1, 3]],
])('%s', async (_, text, after, expected) => {
  if (text !== null)
    writeFileSync(join(folder, 'log'), text)
  expect(await numbers(follow({ after }))).toEqual(expected)
})

test('lines written while the end is determined are read', async () => {
  const ended = async (): Promise<boolean> => {
    writeFileSync(join(folder, 'log'), line(1))
    return true
  }
  expect(await numbers(follow({ ended }))).toEqual([1])
})

test('later lines arrive, even when they are written in parts', async () => {
  let hasEnded = false
  const lines = follow({ ended: async () => hasEnded })[Symbol.asyncIterator]()
  writeFileSync(join(folder, 'log'), line(1) + line(2).slice(0, 10))
  expect((await lines.next()).value).toMatchObject({ n: 1 })
  appendFileSync(join(folder, 'log'), line(2).slice(10))
  expect((await lines.next()).value).toMatchObject({ n: 2 })
  hasEnded = true
  expect(await lines.next()).toEqual({ done: true, value: undefined })
})

test('an abort ends following while it waits', async () => {
  const stop = new AbortController()
  const following = numbers(follow({ ended: async () => false, signal: stop.signal }))
  stop.abort()
  expect(await following).toEqual([])
})

test('the end of a log of 100 MB is read in bounded memory', async () => {
  const block = Array.from({ length: 1000 }, (_, i) => line(i + 1, 'x'.repeat(930))).join('')
  for (let i = 0; i < 100; i++)
    appendFileSync(join(folder, 'log'), block)
  appendFileSync(join(folder, 'log'), line(200_000))
  const before = process.memoryUsage().rss
  expect(await numbers(follow({ after: 100_000 }))).toEqual([200_000])
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})
