import type { LiveUp } from '#shared/protocol/live.ts'
import { expect, test } from 'vitest'
import { createLiveRequests } from './live-requests.ts'

const body = { pullVersion: 1, schemaVersion: '1', profileID: 'p', clientGroupID: 'g', cookie: null } as const
const pull = { type: 'pull', body } as const
const patch = { cookie: { order: 1, floor: 1 }, lastMutationIDChanges: {}, patch: [] }

test('answers find their requests in any order', async () => {
  const sent: Extract<LiveUp, { request: number }>[] = []
  const requests = createLiveRequests(frame => sent.push(frame) > 0)
  const [first, second] = [requests.call(pull), requests.call(pull)]
  const [one, two] = sent.map(({ request }) => request)
  requests.resolve({ type: 'pulled', request: two ?? 0, response: { ...patch, cookie: { order: 2, floor: 1 } } })
  requests.resolve({ type: 'error', request: one ?? 0, message: 'later', retry: true })
  expect(await first).toMatchObject({ type: 'error' })
  expect(await second).toMatchObject({ response: { cookie: { order: 2 } } })
})

test('a request on a lost connection resolves to null, and its late answer is ignored', async () => {
  const requests = createLiveRequests(() => true)
  const answers = requests.call(pull)
  requests.drop()
  requests.resolve({ type: 'pulled', request: 1, response: patch })
  expect(await answers).toBeNull()
})

test('a request without a connection resolves to null at once', async () => {
  expect(await createLiveRequests(() => false).call(pull)).toBeNull()
})

test('an error that names no request resolves all of them to null', async () => {
  const requests = createLiveRequests(() => true)
  const answers = [requests.call(pull), requests.call(pull)]
  requests.resolve({ type: 'error', request: null, message: 'A part is missing.', retry: true })
  expect(await Promise.all(answers)).toEqual([null, null])
})
