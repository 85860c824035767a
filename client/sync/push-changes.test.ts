import type { Answer, LiveRequests } from './live-requests.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { pushChanges } from './push-changes.ts'

const done: Answer = { type: 'pushed', request: 1, response: {} }
const forgotten: Answer = { type: 'pushed', request: 1, response: { error: 'ClientStateNotFound' } }
const broken: Answer = { type: 'error', request: 1, message: 'no', retry: true }

/** An edge that gives these answers in order, and the pushes it received. */
function edge(...answers: (Answer | null)[]) {
  const pushes: string[] = []
  const call: LiveRequests['call'] = (request) => {
    if (request.type === 'push')
      pushes.push(`${request.rescue ? 'rescue' : 'push'} ${request.body.mutations.map(({ id }) => id).join()}`)
    return Promise.resolve(must(answers.shift() ?? null, 'one more answer'))
  }
  const acknowledged = createAcknowledgedMutations()
  const deps = { requests: { call }, acknowledged, onStuck: () => {} }
  return { pushes, acknowledged, push: (lengths: number[]) => pushChanges(deps, body(lengths)) }
}

function body(lengths: number[]) {
  const mutations = lengths.map((length, n) => (
    { clientID: 'c', id: n + 1, name: 'sendMessage', args: 'a'.repeat(length), timestamp: 0 }
  ))
  return { pushVersion: 1 as const, schemaVersion: '1', profileID: 'p', clientGroupID: 'g', mutations }
}

test('a large push is sent as batches, one after the other', async () => {
  const { pushes, push } = edge(done, done)
  expect(await push([300_000, 300_000])).toMatchObject({ httpRequestInfo: { httpStatusCode: 200 } })
  expect(pushes).toEqual(['push 1', 'push 2'])
})

test('the batches after a failed one wait', async () => {
  const { pushes, push } = edge(broken)
  expect(await push([300_000, 300_000])).toMatchObject({ httpRequestInfo: { httpStatusCode: 500 } })
  expect(pushes).toEqual(['push 1'])
})

test('a forgotten device sends everything before Replicache learns of it', async () => {
  const { pushes, push } = edge(forgotten, done)
  expect(await push([1, 1])).toMatchObject({ httpRequestInfo: { httpStatusCode: 200 }, response: { error: 'ClientStateNotFound' } })
  expect(pushes).toEqual(['push 1,2', 'rescue 1,2'])
})

test('a failed rescue is retried before Replicache learns of it', async () => {
  const { push } = edge(forgotten, broken)
  expect(await push([1])).toEqual({ httpRequestInfo: { httpStatusCode: 500, errorMessage: 'no' } })
})

test('acknowledged mutations are not sent again, however late their rows arrive', async () => {
  const { pushes, push } = edge(done, done)
  await push([1, 1])
  await push([1, 1])
  await push([1, 1, 1])
  expect(pushes).toEqual(['push 1,2', 'push 3'])
})

test('a new connection sends acknowledged mutations again, since its edge may have lost them', async () => {
  const { pushes, acknowledged, push } = edge(done, done)
  await push([1])
  acknowledged.forget()
  await push([1, 1])
  expect(pushes).toEqual(['push 1', 'push 1,2'])
})

test('mutations of a failed push are sent again', async () => {
  const { pushes, push } = edge(broken, done)
  await push([1])
  await push([1, 1])
  expect(pushes).toEqual(['push 1', 'push 1,2'])
})

test('a rescue sends acknowledged mutations too', async () => {
  const { pushes, push } = edge(done, forgotten, done)
  await push([1])
  await push([1, 1])
  expect(pushes).toEqual(['push 1', 'push 2', 'rescue 1,2'])
})
