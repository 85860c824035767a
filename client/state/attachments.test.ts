import type { Attachment } from '#shared/model/attachment.ts'
import { expect, test } from 'vitest'
import { createAttachments, sendFile } from './attachments.ts'
import { openFileStore } from './file-store.ts'

const file: Attachment = { kind: 'text', id: 'a'.repeat(64), name: 'a.txt', size: 2 }
const bytes = new TextEncoder().encode('hi').buffer

function device(answer: () => Promise<Response>, store = openFileStore('test', 'mem')) {
  const asked: string[] = []
  const attachments = createAttachments({
    store,
    prepare: async () => ({ ok: true, file, bytes }),
    fetchFn: (url) => {
      asked.push(String(url))
      return answer()
    },
  })
  return { asked, attachments }
}

test('what the edge has is fetched once, and then it is on the device', async () => {
  const { asked, attachments } = device(async () => new Response('hi'))
  for (let n = 0; n < 2; n++)
    expect(await attachments.read({ file, state: 'here' })).toMatchObject({ state: 'there' })
  expect(asked).toEqual([`/api/attachments/${file.id}`])
})

test.each<[string, 'here' | 'coming' | 'refused', () => Promise<Response>, 'absent' | 'gone']>([
  ['what is still on its way is not asked for', 'coming', () => Promise.reject(new Error('asked')), 'absent'],
  ['what was refused is not asked for', 'refused', () => Promise.reject(new Error('asked')), 'absent'],
  ['without a network it is not there yet', 'here', () => Promise.reject(new TypeError('offline')), 'absent'],
  ['while the edge has a problem it is not there yet', 'here', async () => new Response('', { status: 500 }), 'absent'],
  ['what the edge has lost is gone', 'here', async () => new Response('', { status: 404 }), 'gone'],
])('%s', async (_, state, answer, expected) => {
  expect(await device(answer).attachments.read({ file, state })).toEqual({ state: expected })
})

test('a device without room says so, and shows what it fetches all the same', async () => {
  const full = { ...openFileStore('test', 'mem'), put: () => Promise.reject(new DOMException('', 'QuotaExceededError')) }
  const { attachments } = device(async () => new Response('hi'), full)
  expect(await attachments.add(new File(['hi'], 'a.txt'))).toEqual({ ok: false, problem: 'This device has no room for a.txt. Free some and try again.' })
  expect(await attachments.read({ file, state: 'here' })).toMatchObject({ state: 'there' })
})

test.each([
  [200, 'done'],
  [400, 'done'],
  [413, 'done'],
  [415, 'done'],
  [401, 'later'],
  [404, 'later'],
  [429, 'later'],
  [500, 'later'],
])('an upload that is answered with %i is %s', async (status, outcome) => {
  expect(await sendFile(async () => new Response('{}', { status }), { message: 3, id: file.id }, bytes)).toBe(outcome)
})
