import type { Answer } from './live-requests.ts'
import { expect, test } from 'vitest'
import { createHistoryPages, historyPageStore } from './history-pages.ts'

const page: Answer = { type: 'history', request: 1, rows: [{ key: 'message/000000000001', value: 'first' }], more: false }

function device(...answers: (Answer | null)[]) {
  const requested: number[] = []
  const pages = createHistoryPages({
    store: historyPageStore('device', 'mem'),
    requests: {
      call: (request) => {
        if (request.type === 'history')
          requested.push(request.before)
        return Promise.resolve(answers.shift() ?? null)
      },
    },
  })
  return { pages, requested }
}

test('a history page is requested once and kept', async () => {
  const { pages, requested } = device(page)
  const read = await pages.before(2)
  expect(read).toEqual({ rows: [{ key: 'message/000000000001', value: 'first' }], more: false })
  expect([await pages.before(2), requested]).toEqual([read, [2]])
})

test('a history page that failed without a connection is requested again', async () => {
  const { pages, requested } = device(null, page)
  expect(await pages.before(2)).toBeNull()
  expect(await pages.before(2)).not.toBeNull()
  expect(requested).toEqual([2, 2])
})

test('cleared history pages are requested again', async () => {
  const { pages, requested } = device(page, page)
  await pages.before(2)
  await pages.clear()
  await pages.before(2)
  expect(requested).toEqual([2, 2])
})
