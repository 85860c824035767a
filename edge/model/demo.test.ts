import type { ModelEvent, ModelMessage } from './model.ts'
import { expect, test } from 'vitest'
import { collect } from '../testing/collect.ts'
import { demoReply } from './demo-reply.ts'
import { createDemoModel } from './demo.ts'

test('a reply says that it is a demo and names the key to set', () => {
  expect(demoReply(saying('Hello there'))).toEqual({ text: expect.stringMatching(/not Claude.*ANTHROPIC_API_KEY/s), call: null })
})

test.each([
  ['Fix the typo in the README of acme/app.', 'acme/app'],
  ['please add a test to https://github.com/acme/app, thanks', 'https://github.com/acme/app'],
  ['Update git@github.com:acme/app.git', 'git@github.com:acme/app.git'],
  ['Fix https://gitlab.com/acme/app', 'https://gitlab.com/acme/app'],
])('%s proposes a task', (text, repository) => {
  expect(demoReply(saying(text)).call).toEqual({ name: 'spawn_task', input: { repository, title: text, brief: text } })
})

test.each(['What is acme/app?', 'Fix the typo', 'Make it 24/7 or a/b/c'])('%s proposes nothing', (text) => {
  expect(demoReply(saying(text)).call?.name).not.toBe('spawn_task')
})

test('a question about tasks lists them', () => {
  expect(demoReply(saying('Which tasks are running?')).call).toEqual({ name: 'list_tasks', input: {} })
})

test('a picture is mentioned in the reply', () => {
  const reply = demoReply([
    {
      role: 'user',
      content: [
        { kind: 'image', mime: 'image/png', base64: '' },
        { kind: 'text', text: '[Attached: a.png, a picture of 4 × 3.]\nWhat is this?' },
      ],
    },
  ])
  expect(reply.text).toContain('What you attached has arrived')
})

test('the line of a file is not part of the brief', () => {
  const text = 'Fix the typo in acme/app.'
  expect(demoReply(saying(`[Attached: a.png, a picture of 4 × 3.]\n${text}`)).call?.input).toMatchObject({ brief: text })
})

test('the result of a tool is in the reply, also an error', () => {
  const result = (text: string, isError: boolean) => demoReply([{ role: 'user', content: [{ kind: 'tool-result', id: 'a', text, isError }] }])
  expect(result('Task a is proposed.', false)).toEqual({ text: 'Task a is proposed.', call: null })
  expect(result('gitlab.com is not GitHub.', true)).toEqual({ text: 'That did not work. gitlab.com is not GitHub.', call: null })
})

test('a line of the system is not taken for the person\'s', () => {
  expect(demoReply(saying('[Task a was proposed for acme/app: Fix it.]', 'Thanks')).call).toBeNull()
})

test('a reply streams word by word', async () => {
  const events = await run()
  const words = events.flatMap(event => event.kind === 'text' ? [event.text] : [])
  expect(words.length).toBeGreaterThan(10)
  expect(events.at(-1)).toMatchObject({ kind: 'end', stop: 'done', content: [{ kind: 'text', text: words.join('') }] })
})

test('an abort ends the reply', async () => {
  const abort = new AbortController()
  expect(await run(abort, 3)).toMatchObject([{ kind: 'text' }, { kind: 'text' }, { kind: 'end', stop: 'aborted' }])
})

function saying(...texts: string[]): ModelMessage[] {
  return [{ role: 'user', content: texts.map(text => ({ kind: 'text', text })) }]
}

function run(abort = new AbortController(), abortAtWord = Infinity): Promise<ModelEvent[]> {
  let word = 0
  const model = createDemoModel({
    sleep: async () => {
      if (++word === abortAtWord)
        abort.abort()
    },
  })
  return collect(model({ system: [], messages: saying('Hello'), tools: [], useTools: 'freely' }, abort.signal))
}
