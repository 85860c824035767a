import type { Answer, LiveRequests } from './live-requests.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { createAcknowledgedMutations } from './acknowledged-mutations.ts'
import { pushChanges } from './push-changes.ts'

const done: Answer = { type: 'pushed', request: 1, response: {} }
const forgotten: Answer = { type: 'pushed', request: 1, response: { error: 'ClientStateNotFound' } }
const broken: Answer = { type: 'error', request: 1, message: 'no', retry: true }

/** An edge that answers in this order, and what it was asked. */
function edge(...answers: (Answer | null)[]) {
  const asked: string[] = []
  const call: LiveRequests['call'] = (request) => {
    if (request.type === 'push')
      asked.push(`${request.rescue ? 'rescue' : 'push'} ${request.body.mutations.map(({ id }) => id).join()}`)
    return Promise.resolve(must(answers.shift() ?? null, 'one more answer'))
  }
  const acknowledged = createAcknowledgedMutations()
  const deps = { requests: { call }, acknowledged, onStuck: () => {} }
  return { asked, acknowledged, push: (lengths: number[]) => pushChanges(deps, body(lengths)) }
}

function body(lengths: number[]) {
  const mutations = lengths.map((length, n) => ({ clientID: 'c', id: n + 1, name: 'sendMessage', args: 'a'.repeat(length), timestamp: 0 }))
  return { pushVersion: 1 as const, schemaVersion: '1', profileID: 'p', clientGroupID: 'g', mutations }
}

test('what is much goes in pieces, one after the other', async () => {
  const { asked, push } = edge(done, done)
  expect(await push([300_000, 300_000])).toMatchObject({ httpRequestInfo: { httpStatusCode: 200 } })
  expect(asked).toEqual(['push 1', 'push 2'])
})

test('after a piece that failed the rest waits', async () => {
  const { asked, push } = edge(broken)
  expect(await push([300_000, 300_000])).toMatchObject({ httpRequestInfo: { httpStatusCode: 500 } })
  expect(asked).toEqual(['push 1'])
})

test('a device that was forgotten has said everything before it hears of it', async () => {
  const { asked, push } = edge(forgotten, done)
  expect(await push([1, 1])).toMatchObject({ httpRequestInfo: { httpStatusCode: 200 }, response: { error: 'ClientStateNotFound' } })
  expect(asked).toEqual(['push 1,2', 'rescue 1,2'])
})

test('a rescue that was not answered is tried again before Replicache hears of it', async () => {
  const { push } = edge(forgotten, broken)
  expect(await push([1])).toEqual({ httpRequestInfo: { httpStatusCode: 500, errorMessage: 'no' } })
})

test('what the edge has processed is not sent again with what follows, however late its rows come', async () => {
  const { asked, push } = edge(done, done)
  await push([1, 1])
  await push([1, 1])
  await push([1, 1, 1])
  expect(asked).toEqual(['push 1,2', 'push 3'])
})

test('on the next connection it is sent again: the edge behind it may have lost it', async () => {
  const { asked, acknowledged, push } = edge(done, done)
  await push([1])
  acknowledged.forget()
  await push([1, 1])
  expect(asked).toEqual(['push 1', 'push 1,2'])
})

test('what was not answered is sent again', async () => {
  const { asked, push } = edge(broken, done)
  await push([1])
  await push([1, 1])
  expect(asked).toEqual(['push 1', 'push 1,2'])
})

test('an edge that forgot the device is told all of it again', async () => {
  const { asked, push } = edge(done, forgotten, done)
  await push([1])
  await push([1, 1])
  expect(asked).toEqual(['push 1', 'push 2', 'rescue 1,2'])
})
