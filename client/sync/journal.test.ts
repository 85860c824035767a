import type { Replay } from '#shared/protocol/replay.ts'
import { expect, test, vi } from 'vitest'
import { journalStore } from './journal-store.ts'
import { createJournal } from './journal.ts'

function entry(clientID: string, id: number, at = id): Replay {
  return {
    clientGroupID: 'g',
    clientID,
    id,
    name: 'sendMessage',
    args: { id: `m${id}`, text: 'Hello' },
    at,
  }
}

function journal(store = journalStore('', 'mem')) {
  const unsaved: (number | null)[] = []
  return { store, unsaved, ...createJournal({ store, onUnsaved: since => void unsaved.push(since) }) }
}

async function namesIn({ entries }: Pick<ReturnType<typeof journal>, 'entries'>) {
  return (await entries()).map(({ clientID, id }) => `${clientID}${id}`)
}

test('the next tab reads journaled mutations, oldest first, until the edge has them', async () => {
  const first = journal()
  first.add(entry('a', 2, 20))
  first.add(entry('a', 1, 10))
  first.add(entry('b', 1, 15))
  await first.entries()
  const next = journal(first.store)
  expect(await namesIn(next)).toEqual(['a1', 'b1', 'a2'])
  next.acknowledged([{ clientID: 'b', id: 1 }])
  next.confirmed({ a: 1, c: 9 })
  expect(await namesIn(next)).toEqual(['a2'])
})

test('the journal reports the oldest unsaved mutation, and null once all are on the disk', async () => {
  const { unsaved, add, entries } = journal()
  add(entry('a', 1, 10))
  add(entry('a', 2, 20))
  expect(unsaved).toEqual([10, 10])
  await entries()
  expect(unsaved.at(-1)).toBeNull()
})

test('a failed entry stays unsaved and goes with the next write', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const store = journalStore('', 'mem')
  let full = true
  const put: typeof store.put = async entries => full ? Promise.reject(new Error('The disk is full.')) : store.put(entries)
  const broken = journal({ ...store, put })
  broken.add(entry('a', 1, 10))
  expect(await namesIn(broken)).toEqual([])
  expect([broken.unsaved.at(-1), warn.mock.calls.length]).toEqual([10, 1])
  full = false
  broken.add(entry('a', 2, 20))
  expect(await namesIn(broken)).toEqual(['a1', 'a2'])
  expect(broken.unsaved.at(-1)).toBeNull()
})

test('a mutation that the edge acknowledges before the write is not written', async () => {
  const { unsaved, add, acknowledged, entries } = journal()
  add(entry('a', 1))
  acknowledged([{ clientID: 'a', id: 1 }])
  expect([await entries(), unsaved.at(-1)]).toEqual([[], null])
})
