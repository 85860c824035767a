import type { RowChange } from '../sync/initial-rows.ts'
import { beforeEach, expect, test } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { loadRows } from './load-rows.ts'
import { createRows } from './rows.ts'

beforeEach(() => localStorage.setItem('mainloop.screen', messageKey(9)))

function messageRow(key: string, id: string): RowChange {
  return { key, value: { kind: 'person', id, at: 1, text: id } }
}

async function open(read: () => Promise<RowChange[]>, all: RowChange[]) {
  const { rows, apply } = createRows()
  const steps: string[][] = []
  await loadRows({
    read,
    apply(changes) {
      apply(changes)
      steps.push(rows.thread.value.map(({ message }) => message.id))
    },
    watch: onChanges => onChanges(all),
    thread: rows.thread,
  })
  await eventually(() => expect(steps.length).toBeGreaterThan(0))
  return steps
}

test('the end of the thread is applied before the whole thread is read', async () => {
  const [eight, nine] = [messageRow(messageKey(8), 'eight'), messageRow(messageKey(9), 'nine')]
  expect(await open(async () => [nine], [eight, nine])).toEqual([['nine'], ['eight', 'nine']])
})

test('a message that got its final key meanwhile appears once', async () => {
  const steps = await open(async () => [messageRow(pendingMessageKey(1, 'm'), 'm')], [messageRow(messageKey(9), 'm')])
  expect(steps.at(-1)).toEqual(['m'])
})

test('rows that cannot be read at first are taken from the watch', async () => {
  expect(await open(() => Promise.reject(new Error('closed')), [messageRow(messageKey(9), 'nine')])).toEqual([['nine']])
})

test('a long thread is applied newest first, and completely in the end', async () => {
  localStorage.clear()
  const all = Array.from({ length: 1200 }, (_, n) => messageRow(messageKey(n + 1), `m${n + 1}`))
  const steps = await open(() => Promise.resolve([]), all)
  expect(steps[0]?.at(-1)).toBe('m1200')
  await eventually(() => expect(steps.at(-1)).toHaveLength(1200))
})
