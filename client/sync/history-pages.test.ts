import type { Answer } from './live-requests.ts'
import { expect, test } from 'vitest'
import { createHistoryPages, historyPageStore } from './history-pages.ts'

const page: Answer = { type: 'history', request: 1, rows: [{ key: 'message/000000000001', value: 'first' }], more: false }

function device(...answers: (Answer | null)[]) {
  const asked: number[] = []
  const pages = createHistoryPages({
    store: historyPageStore('device', 'mem'),
    requests: {
      call: (request) => {
        if (request.type === 'history')
          asked.push(request.before)
        return Promise.resolve(answers.shift() ?? null)
      },
    },
  })
  return { pages, asked }
}

test('a page is asked for once and kept', async () => {
  const { pages, asked } = device(page)
  const read = await pages.before(2)
  expect(read).toEqual({ rows: [{ key: 'message/000000000001', value: 'first' }], more: false })
  expect([await pages.before(2), asked]).toEqual([read, [2]])
})

test('without a connection there is no page, and the next time it is asked for', async () => {
  const { pages, asked } = device(null, page)
  expect(await pages.before(2)).toBeNull()
  expect(await pages.before(2)).not.toBeNull()
  expect(asked).toEqual([2, 2])
})

test('pages of another past are forgotten', async () => {
  const { pages, asked } = device(page, page)
  await pages.before(2)
  await pages.forget()
  await pages.before(2)
  expect(asked).toEqual([2, 2])
})
