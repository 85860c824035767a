import type { Message } from '#shared/model/message.ts'
import type { Store } from '../store/store.ts'
import { expect, test } from 'vitest'
import { appendMessage } from '#shared/mutators/append-message.ts'
import { storeLines } from '../runner-connection/store-lines.ts'
import { withStore } from '../testing/harness.ts'
import { catchUpSome } from './catch-up.ts'
import { followCommits } from './follow-commits.ts'
import { search } from './search.ts'

test('an object that wakes far behind follows at once, in pieces with a quiet period between them', () => withStore(async (store) => {
  await say(store, 150)
  const { jobs, periods } = follow(store)
  await Promise.all(jobs)
  expect(indexed(store)).toBe(150)
  expect(periods.map(({ documents }) => documents)).toEqual([0, 50, 100, 150])
}))

test('the index follows when it is a hundred commits behind, those before a restart included', () => withStore(async (store, restart) => {
  await say(store, 60)
  expect(follow(store).jobs).toEqual([])
  const woken = restart()
  const { jobs } = follow(woken)
  await say(woken, 39)
  expect(jobs).toEqual([])
  await say(woken, 1)
  await Promise.all(jobs)
  expect(indexed(woken)).toBe(100)
}))

test('constant commits delay a piece only for a limited time', () => withStore(async (store) => {
  await say(store, 120)
  const periods: number[] = []
  const jobs: Promise<void>[] = []
  followCommits({
    store,
    background: work => void jobs.push(work),
    async sleep() {
      periods.push(indexed(store))
      if (periods.length < 30)
        await say(store, 1)
    },
  })
  await Promise.all(jobs)
  expect([periods.indexOf(50), periods.indexOf(100), indexed(store)]).toEqual([20, 30, 149])
}))

test('a search far behind catches up a part, and the follower indexes the rest', () => withStore(async (store) => {
  await say(store, 1_200)
  expect(search(store.sql, 'message', { limit: 1, length: 100 })).toHaveLength(1)
  expect(indexed(store)).toBe(1_000)
  await Promise.all(follow(store).jobs)
  expect(search(store.sql, 'number1199', { limit: 1, length: 100 })).toHaveLength(1)
}))

test('a long log is indexed in pieces too', () => withStore(async (store) => {
  await storeLines(
    store,
    'a1b2c3d4e5',
    Array.from({ length: 1_000 }, (_, n) => ({ attempt: 1, n: n + 1, at: 5, stage: 'agent', kind: 'info', text: `line ${n}` })),
  )
  const pieces: number[] = []
  while (catchUpSome(store.sql))
    pieces.push(indexed(store))
  expect(pieces).toEqual([10, 20, 25])
}))

/** Follows with quiet periods that take no time. */
function follow(store: Store): { jobs: Promise<void>[], periods: { documents: number }[] } {
  const jobs: Promise<void>[] = []
  const periods: { documents: number }[] = []
  followCommits({ store, background: work => void jobs.push(work), sleep: async () => void periods.push({ documents: indexed(store) }) })
  return { jobs, periods }
}

async function say(store: Store, messages: number): Promise<void> {
  for (let n = 0; n < messages; n++) {
    const message: Message = { kind: 'person', id: crypto.randomUUID(), at: 1000, text: `message number${store.lastMessage()}` }
    await store.commit(tx => appendMessage(tx, message))
  }
}

function indexed({ sql }: Store): number {
  return sql.exec<{ n: number }>('SELECT count(*) AS n FROM search_documents').one().n
}
