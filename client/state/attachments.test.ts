import type { Attachment } from '#shared/model/attachment.ts'
import { expect, test } from 'vitest'
import { createAttachments, sendFile } from './attachments.ts'
import { openFileStore } from './file-store.ts'

const file: Attachment = { kind: 'text', id: 'a'.repeat(64), name: 'a.txt', size: 2 }
const bytes = new TextEncoder().encode('hi').buffer

function device(answer: () => Promise<Response>, store = openFileStore('test', 'mem')) {
  const requests: string[] = []
  const attachments = createAttachments({
    store,
    prepare: async () => ({ ok: true, file, bytes }),
    fetchFn: (url) => {
      requests.push(String(url))
      return answer()
    },
  })
  return { requests, attachments }
}

test('a file is fetched from the edge once and kept on the device', async () => {
  const { requests, attachments } = device(async () => new Response('hi'))
  for (let n = 0; n < 2; n++)
    expect(await attachments.read({ file, state: 'here' })).toMatchObject({ state: 'there' })
  expect(requests).toEqual([`/api/attachments/${file.id}`])
})

test.each<[string, 'here' | 'coming' | 'refused', () => Promise<Response>, 'absent' | 'gone']>([
  ['a file that is not uploaded yet is not requested', 'coming', () => Promise.reject(new Error('requested')), 'absent'],
  ['a refused file is not requested', 'refused', () => Promise.reject(new Error('requested')), 'absent'],
  ['a file is absent without a network', 'here', () => Promise.reject(new TypeError('offline')), 'absent'],
  ['a file is absent while the edge fails', 'here', async () => new Response('', { status: 500 }), 'absent'],
  ['a file that the edge has lost is gone', 'here', async () => new Response('', { status: 404 }), 'gone'],
])('%s', async (_, state, answer, expected) => {
  expect(await device(answer).attachments.read({ file, state })).toEqual({ state: expected })
})

test('a full device refuses new files and still shows fetched ones', async () => {
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
