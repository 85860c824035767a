import type { ThreadEntry } from './thread.ts'
import { expect, test } from 'vitest'
import { threadItems } from './thread-items.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
const DAY = 24 * 60 * 60_000

function entry(id: string, at: number): ThreadEntry {
  return { key: id, pending: false, message: { kind: 'person', id, at, text: id } }
}

function shown(entries: ThreadEntry[]): string[] {
  return threadItems(entries, NOON).map(item => item.kind === 'day' ? `[${item.name}]` : item.key)
}

test('each day begins with its name', () => {
  expect(shown([entry('a', NOON - DAY), entry('b', NOON - 60_000), entry('c', NOON)])).toEqual(['[Yesterday]', 'a', '[Today]', 'b', 'c'])
})

test('an older day has its date', () => {
  expect(shown([entry('a', NOON - 9 * DAY)])[0]).toMatch(/14/)
})

test('nothing is nothing', () => {
  expect(shown([])).toEqual([])
})
