import type { RowChange } from '../sync/initial-rows.ts'
import { beforeEach, expect, test } from 'vitest'
import { messageKey, pendingMessageKey } from '#shared/model/message.ts'
import { eventually } from '#shared/testing/eventually.ts'
import { loadRows } from './load-rows.ts'
import { createRows } from './rows.ts'

beforeEach(() => localStorage.setItem('mainloop.screen', messageKey(9)))

function said(key: string, id: string): RowChange {
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

test('the end of the thread is shown before all of it is read', async () => {
  expect(await open(async () => [said(messageKey(9), 'nine')], [said(messageKey(8), 'eight'), said(messageKey(9), 'nine')])).toEqual([
    ['nine'],
    ['eight', 'nine'],
  ])
})

test('what got its final place in between stands there once', async () => {
  const steps = await open(async () => [said(pendingMessageKey(1, 'm'), 'm')], [said(messageKey(9), 'm')])
  expect(steps.at(-1)).toEqual(['m'])
})

test('rows that cannot be read now are shown once they can', async () => {
  expect(await open(() => Promise.reject(new Error('closed')), [said(messageKey(9), 'nine')])).toEqual([['nine']])
})

test('of a long past the newest part is read first, and all of it in the end', async () => {
  localStorage.clear()
  const all = Array.from({ length: 1200 }, (_, n) => said(messageKey(n + 1), `m${n + 1}`))
  const steps = await open(() => Promise.resolve([]), all)
  expect(steps[0]?.at(-1)).toBe('m1200')
  await eventually(() => expect(steps.at(-1)).toHaveLength(1200))
})
