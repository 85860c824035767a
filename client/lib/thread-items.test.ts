import type { ThreadEntry } from './thread.ts'
import { expect, test } from 'vitest'
import { threadItems } from './thread-items.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
const DAY = 24 * 60 * 60_000

function entry(id: string, at: number): ThreadEntry {
  return { key: id, pending: false, message: { kind: 'person', id, at, text: id } }
}

function itemNames(entries: ThreadEntry[]): string[] {
  return threadItems(entries, NOON).map(item => item.kind === 'day' ? `[${item.name}]` : item.key)
}

test('a divider with its name begins each day', () => {
  const entries = [entry('a', NOON - DAY), entry('b', NOON - 60_000), entry('c', NOON)]
  expect(itemNames(entries)).toEqual(['[Yesterday]', 'a', '[Today]', 'b', 'c'])
})

test('an older day has its date', () => {
  expect(itemNames([entry('a', NOON - 9 * DAY)])[0]).toMatch(/14/)
})

test('an empty thread has no items', () => {
  expect(itemNames([])).toEqual([])
})
