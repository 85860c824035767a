import type { Model, ModelEvent, ModelRequest, PersonBlock } from './model.ts'
import { expect, test } from 'vitest'
import { collect } from '../testing/collect.ts'
import { NO_USAGE } from './model.ts'
import { retryWithoutFiles } from './retry-without-files.ts'

const image: PersonBlock = { kind: 'image', mime: 'image/png', base64: 'aGk=' }
const refused: ModelEvent = { kind: 'end', stop: 'error', failure: { kind: 'bad-request', message: 'Could not process image' }, usage: NO_USAGE }
const done: ModelEvent = { kind: 'end', stop: 'done', content: [{ kind: 'text', text: 'Hi.' }], usage: NO_USAGE }

test('a request that is refused with its files is repeated without them', async () => {
  const { model, requests } = scripted([refused], [{ kind: 'text', text: 'Hi.' }, done])
  expect(await collect(retryWithoutFiles(model)(asking(image), new AbortController().signal))).toEqual([{ kind: 'text', text: 'Hi.' }, done])
  expect(requests.map(({ messages }) => messages[0]?.content[0]?.kind)).toEqual(['image', 'text'])
})

test.each<[string, PersonBlock, ModelEvent]>([
  ['a refused request without files', { kind: 'text', text: 'Hello' }, refused],
  ['an answered request', image, done],
  ['a request that fails otherwise', image, { kind: 'end', stop: 'error', failure: { kind: 'unavailable', message: 'Gone' }, usage: NO_USAGE }],
])('%s is not repeated', async (_, block, end) => {
  const { model, requests } = scripted([end])
  expect(await collect(retryWithoutFiles(model)(asking(block), new AbortController().signal))).toEqual([end])
  expect(requests).toHaveLength(1)
})

function asking(block: PersonBlock): ModelRequest {
  return { system: [], messages: [{ role: 'user', content: [block, { kind: 'text', text: 'What is it?' }] }], tools: [], useTools: 'freely' }
}

function scripted(...replies: ModelEvent[][]): { model: Model, requests: ModelRequest[] } {
  const requests: ModelRequest[] = []
  return {
    requests,
    async* model(request) {
      requests.push(request)
      yield* replies.shift() ?? []
    },
  }
}
