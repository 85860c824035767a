import type { ThreadWindow } from './thread-window.ts'
import type { ThreadEntry } from './thread.ts'
import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { earlier, later, NEWEST, threadPart } from './thread-window.ts'

function thread(from: number, to: number): ThreadEntry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    key: messageKey(from + i),
    pending: false,
    message: { kind: 'person', id: `m${from + i}`, at: 0, text: 'Hello' },
  }))
}

function partOf(entries: ThreadEntry[], window: ThreadWindow) {
  const part = threadPart(entries, window)
  return [part.entries[0]?.message.id, part.entries.at(-1)?.message.id, part.above, part.below]
}

function times<T>(n: number, change: (value: T) => T, value: T): T {
  return n === 0 ? value : times(n - 1, change, change(value))
}

test('the thread opens with the newest entries', () => {
  expect(partOf(thread(1, 10_000), NEWEST)).toEqual(['m9961', 'm10000', true, false])
})

test('a short thread is drawn whole', () => {
  expect(partOf(thread(1, 3), NEWEST)).toEqual(['m1', 'm3', false, false])
})

test('scrolling up adds entries above and removes those far below', () => {
  const entries = thread(1, 1000)
  expect(partOf(entries, earlier(entries, NEWEST))).toEqual(['m956', 'm1000', true, false])
  expect(partOf(entries, times(56, window => earlier(entries, window), NEWEST))).toEqual(['m681', 'm800', true, true])
})

test('scrolling to either end reaches it', () => {
  const entries = thread(1, 1000)
  const first = times(200, window => earlier(entries, window), NEWEST)
  expect(partOf(entries, first)).toEqual(['m1', 'm120', false, true])
  expect(partOf(entries, times(200, window => later(entries, window), first))).toEqual(['m881', 'm1000', true, false])
})

test('the window stays while older and newer entries arrive', () => {
  const window = earlier(thread(500, 1000), NEWEST)
  expect(partOf(thread(1, 1010), window)).toEqual(['m956', 'm1010', true, false])
})

test('the first entry of the window may be deleted', () => {
  const entries = thread(1, 200)
  const window = earlier(entries, NEWEST)
  expect(partOf(entries.filter(({ key }) => key !== window.start), window)).toEqual(['m157', 'm200', true, false])
})
