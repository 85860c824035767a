import type { Script } from './testing/turn-harness.ts'
import { abortAllDurableObjects } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { messageKey } from '#shared/model/message.ts'
import { calling, failing, hanging, onTurnHarness, words } from './testing/turn-harness.ts'

const call = { id: 'call_1', name: 'spawn_task', input: { repository: 'acme/app', title: 'Fix the typo', brief: 'In the README.' } }

test('a reply cut off by the end of the object is streamed again into the same message, from its beginning', async () => {
  const { script, reached } = hanging('Half of an ans')
  await onTurnHarness('killed in a stream', [script], async ({ say, turns, lines }) => {
    await say('Hello?')
    void turns.answer()
    await reached
    expect(await lines()).toEqual(['person: Hello?', 'claude streaming: Half of an ans'])
  })
  await abortAllDurableObjects()

  await onTurnHarness('killed in a stream', [() => words('A whole', ' answer.')], async ({ turns, lines, turn, displayed }) => {
    expect(await turn()).toMatchObject({ state: 'running' })
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: A whole answer.'])
    expect(displayed).toEqual(new Map([[messageKey(2), 'A whole answer.']]))
  })
})

test('a turn killed after its tool call goes on from the result and does not call again', async () => {
  const { script, reached } = hanging('It waits')
  await onTurnHarness('killed after a call', [() => calling('I propose it.', call), script], async ({ say, turns }) => {
    await say('Go')
    void turns.answer()
    await reached
  })
  await abortAllDurableObjects()

  await onTurnHarness('killed after a call', [() => words('It waits for you.')], async ({ turns, lines, tasks, requests }) => {
    await turns.answer()
    expect(await lines()).toEqual(['person: Go', 'claude done: I propose it.', 'task', 'claude done: It waits for you.'])
    expect(await tasks()).toHaveLength(1)
    expect(requests[0]?.messages.at(-1)?.content).toMatchObject([{ kind: 'tool-result', id: 'call_1' }])
  })
})

test('killed after any of its commits, a turn ends in the same rows', async () => {
  const ends = new Set<string>()
  const script: Script = (_, { messages }) => messages.at(-1)?.content.some(({ kind }) => kind === 'tool-result')
    ? words('It ', 'waits.')
    : calling('I propose it.', call)
  // The last runs are not killed before their end.
  for (let commits = 0; commits < 10; commits++) {
    const name = `killed after ${commits} commits`
    await onTurnHarness(name, script, async ({ say, turns, killAfter, died }) => {
      await say('Go')
      killAfter(commits)
      await Promise.race([turns.answer(), died])
    })
    await onTurnHarness(name, script, async ({ turns, lines, tasks, turn }) => {
      await turns.answer()
      ends.add(JSON.stringify([await lines(), (await tasks()).length, (await turn()).state]))
    })
  }
  expect([...ends]).toEqual([JSON.stringify([['person: Go', 'claude done: I propose it.', 'task', 'claude done: It waits.'], 1, 'idle'])])
})

test('a turn that kills its object three times fails, keeps its text, and can be retried', async () => {
  for (let time = 1; time <= 3; time++) {
    const { script, reached } = hanging(`Attempt ${time}`)
    await onTurnHarness('killed thrice', [script], async ({ say, turns }) => {
      if (time === 1)
        await say('Hello?')
      void turns.answer()
      await reached
    })
    await abortAllDurableObjects()
  }

  await onTurnHarness('killed thrice', [() => words('At last.')], async ({ turns, lines, turn, retry }) => {
    await turns.answer()
    expect(await turn()).toMatchObject({ state: 'failed', why: expect.stringContaining('3 times') })
    expect(await lines()).toEqual(['person: Hello?', 'claude failed: Attempt 3'])

    await retry()
    await turns.answer()
    expect(await lines()).toEqual(['person: Hello?', 'claude done: At last.'])
  })
})

test('stop keeps the text so far, and later messages are answered', async () => {
  const { script, reached } = hanging('Half of')
  await onTurnHarness('stopped', [script, () => words('Yes.')], async ({ say, stop, turns, lines, turn, requests }) => {
    await say('Tell me a story')
    const answered = turns.answer()
    await reached
    await say('Are you there?')
    await stop()
    await answered
    expect(await lines()).toEqual(['person: Tell me a story', 'claude stopped: Half of', 'person: Are you there?', 'claude done: Yes.'])
    expect(await turn()).toMatchObject({ state: 'idle' })
    expect(requests[1]?.messages[1]).toEqual({ role: 'assistant', content: [{ kind: 'text', text: 'Half of\n[The person stopped this reply.]' }] })
  })
})

test('a stop while the object is gone ends the turn when it is back', async () => {
  const { script, reached } = hanging('Half of')
  await onTurnHarness('stopped while gone', [script], async ({ say, turns }) => {
    await say('Hello?')
    void turns.answer()
    await reached
  })
  await abortAllDurableObjects()

  await onTurnHarness('stopped while gone', [], async ({ stop, turns, lines, turn }) => {
    await stop()
    await turns.answer()
    expect(await turn()).toMatchObject({ state: 'idle' })
    expect(await lines()).toEqual(['person: Hello?', 'claude stopped: Half of'])
  })
})

test('a stop while the turn waits ends it', () =>
  onTurnHarness(
    'stopped while waiting',
    [() => failing('', { kind: 'overloaded', message: 'Claude is overloaded.', retryAt: null })],
    async ({ say, stop, turns, lines, turn }) => {
      await say('Hello?')
      expect(await turns.answer()).toEqual({ retryAt: expect.any(Number) })
      await stop()
      expect(await turns.answer()).toBeUndefined()
      expect(await turn()).toMatchObject({ state: 'idle' })
      expect(await lines()).toEqual(['person: Hello?'])
    },
  ))
