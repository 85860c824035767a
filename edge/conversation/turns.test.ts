import type { Script, TurnHarness } from './testing/turn-harness.ts'
import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { calling, hanging, onTurnHarness, words } from './testing/turn-harness.ts'

const proposal = { repository: 'acme/app', title: 'Fix the typo', brief: 'In the README.' }

test('a message is answered: frames and row have the same text, and the usage is recorded', () =>
  played([() => words('Hel', 'lo ', 'there.')], async ({ say, turns, lines, turn, displayed, store }) => {
    await say('Hello?')
    await turns.answer()

    expect(await lines()).toEqual(['person: Hello?', 'claude done: Hello there.'])
    expect(displayed).toEqual(new Map([[messageKey(2), 'Hello there.']]))
    expect(await turn()).toMatchObject({ state: 'idle' })
    expect(store.sql.exec('SELECT outcome, tries, input_tokens, output_tokens FROM turns').toArray())
      .toEqual([{ outcome: 'done', tries: 0, input_tokens: 10, output_tokens: 2 }])
  }))

test('nothing is answered twice', () =>
  played([() => words('Once.')], async ({ say, turns, requests }) => {
    await say('Hello?')
    await Promise.all([turns.answer(), turns.answer()])
    await turns.answer()
    expect(requests).toHaveLength(1)
  }))

test('messages sent during a reply are answered together after it, each once and in order', () => {
  const { promise: sent, resolve: proceed } = Promise.withResolvers<void>()
  const first: Script = async function* () {
    yield { kind: 'text', text: 'First' }
    await sent
    yield* words(' answer.')
  }
  return played([first, () => words('Second answer.')], async ({ say, turns, lines, requests }) => {
    await say('one')
    const answered = turns.answer()
    await say('two')
    await say('three')
    proceed()
    await answered

    expect((await lines()).filter(line => line.startsWith('claude'))).toEqual(['claude done: First answer.', 'claude done: Second answer.'])
    expect(requests[1]?.messages).toEqual([
      { role: 'user', content: [{ kind: 'text', text: 'one' }] },
      { role: 'assistant', content: [{ kind: 'text', text: 'First answer.' }] },
      { role: 'user', content: [{ kind: 'text', text: 'two' }, { kind: 'text', text: 'three' }] },
    ])
  })
})

test('a tool call runs, its result goes to the model, and the card is between the two texts', () =>
  played([
    () => calling('I propose it.', { id: 'call_1', name: 'spawn_task', input: proposal }),
    () => words('It waits for you.'),
  ], async ({ say, turns, lines, requests, tasks }) => {
    await say('Fix the typo in acme/app')
    await turns.answer()

    expect(await lines()).toEqual(['person: Fix the typo in acme/app', 'claude done: I propose it.', 'task', 'claude done: It waits for you.'])
    expect(await tasks()).toMatchObject([{ repository: 'acme/app', title: 'Fix the typo', state: { status: 'proposed' } }])
    expect(requests[1]?.messages.slice(1)).toEqual([
      { role: 'assistant', content: [{ kind: 'text', text: 'I propose it.' }, { kind: 'tool-call', id: 'call_1', name: 'spawn_task', input: proposal }] },
      { role: 'user', content: [{ kind: 'tool-result', id: 'call_1', isError: false, text: expect.stringContaining('is proposed for acme/app') }] },
    ])
  }))

test.each([
  ['an unknown tool', { name: 'launch', input: {} }, 'There is no tool "launch"'],
  ['no arguments', { name: 'spawn_task', input: {} }, 'arguments of spawn_task are wrong'],
  ['arguments that are not JSON', { name: 'spawn_task', input: '{"repository": "acme/' }, 'arguments of spawn_task are wrong'],
  ['arguments of a wrong kind', { name: 'list_tasks', input: { limit: 'many' } }, 'arguments of list_tasks are wrong'],
  ['no repository', { name: 'spawn_task', input: { ...proposal, repository: '' } }, 'Name a repository as owner/name.'],
  ['a typo', { name: 'spawn_task', input: { ...proposal, repository: 'acme' } }, '"acme" does not name a repository'],
  ['another host', { name: 'spawn_task', input: { ...proposal, repository: 'https://gitlab.com/acme/app' } }, 'gitlab.com is not GitHub'],
])('%s becomes an error result for the model, and nothing else happens', (_, call, text) =>
  played([() => calling('', { id: 'call_1', ...call }), () => words('I see.')], async ({ say, turns, lines, requests, tasks }) => {
    await say('Go')
    await turns.answer()
    expect(requests[1]?.messages.at(-1)).toEqual({
      role: 'user',
      content: [{ kind: 'tool-result', id: 'call_1', isError: true, text: expect.stringContaining(text) }],
    })
    expect(await tasks()).toEqual([])
    expect(await lines()).toEqual(['person: Go', 'claude done: I see.'])
  }))

test('a model that only calls tools must then answer with text, and fails when it does not', () =>
  played(
    Array.from({ length: 13 }, (_, round) => () => calling('', { id: `call_${round}`, name: 'list_tasks', input: {} })),
    async ({ say, turns, turn, requests }) => {
      await say('Go')
      await turns.answer()
      expect(requests.map(({ useTools }) => useTools)).toEqual([...Array.from({ length: 12 }).fill('freely'), 'never'])
      expect(await turn()).toMatchObject({ state: 'failed', why: expect.stringContaining('12 times') })
    },
  ))

test('a long reply is stored while it streams', () => {
  const { script, reached } = hanging('x'.repeat(10))
  const long: Script = async function* (signal) {
    yield { kind: 'text', text: 'start' }
    yield { kind: 'text', text: 'y'.repeat(2_000) }
    yield* script(signal)
  }
  return played([long], async ({ say, turns, lines, displayed, stop }) => {
    await say('Tell me everything')
    const answered = turns.answer()
    await reached
    expect(await lines()).toEqual(['person: Tell me everything', `claude streaming: start${'y'.repeat(2_000)}`])
    await stop()
    await answered
    expect(await lines()).toEqual(['person: Tell me everything', `claude stopped: ${displayed.get(messageKey(2))}`])
  })
})

let harnesses = 0

function played(script: Script[], play: (harness: TurnHarness) => Promise<void>): Promise<void> {
  return onTurnHarness(`turns ${harnesses++}`, script, play)
}
