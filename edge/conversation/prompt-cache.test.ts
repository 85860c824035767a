import type { Script } from './testing/turn-harness.ts'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { addNote } from '#shared/mutators/add-note.ts'
import { compact } from '../memory/compaction.ts'
import { addMessages, keeping, summariserOf } from '../memory/testing/memory-fixtures.ts'
import { anthropicRequest } from '../model/anthropic-request.ts'
import { calling, onTurnHarness, words } from './testing/turn-harness.ts'

/** The API's maximum number of cache marks. */
const MAX_MARKS = 4

const listing: Script = () => calling('Let me look.', { id: 'call', name: 'list_tasks', input: {} })

test('each round\'s request begins with the bytes of the last one, and each turn\'s first request with those of the last turn\'s first', () =>
  onTurnHarness(
    'prompt cache',
    [
      listing,
      listing,
      () => words('None.'),
      ...Array.from({ length: 5 }, (_, n): Script => () => words(`Answer ${n}.`)),
    ],
    async ({ store, say, turns, requests, clock }) => {
      await addMessages(store, Array.from({ length: 130 }, (_, n) => `Message ${n}`))
      await compact({ store, summariser: summariserOf(() => keeping({ decided: ['We use tabs.'] })), now: () => clock.now })
      await store.commit(tx => addNote(tx, { id: 'n', text: 'Likes tabs.' }))
      for (let n = 0; n < 6; n++) {
        await say(`Question ${n}`)
        await turns.answer()
        clock.now += 60_000
      }

      const sent = requests.map(request => anthropicRequest(request, 'claude-test'))
      expect(sent).toHaveLength(8)
      const [first, second, third, ...later] = sent.map(({ tools, system, messages }) => [tools, system, ...messages].map(withoutMarks))
      const chain = [must(first, 'a request'), ...later]
      for (const [before, after] of [[first, second], [second, third], ...chain.slice(1).map((after, n) => [chain[n], after])])
        expect(begins(must(after, 'a request'), must(before, 'a request'))).toBe(true)
    },
  ))

test('tools, prompt, summaries and notes each have a mark, and the end of the request has the last one', () =>
  onTurnHarness('cache marks', [() => words('Yes.')], async ({ store, say, turns, requests }) => {
    await addMessages(store, Array.from({ length: 130 }, (_, n) => `Message ${n}`))
    await compact({ store, summariser: summariserOf(() => keeping({ decided: ['We use tabs.'] })), now: () => 0 })
    await store.commit(tx => addNote(tx, { id: 'n', text: 'Likes tabs.' }))
    await say('Hello?')
    await turns.answer()

    const { system, messages } = anthropicRequest(must(requests[0], 'a request'), 'claude-test')
    expect(JSON.parse(JSON.stringify(system))).toMatchObject(
      [/^You are Claude/, /^<earlier>.*We use tabs/s, /^<notes>.*Likes tabs/s].map(text => ({
        text: expect.stringMatching(text),
        cache_control: { type: 'ephemeral' },
      })),
    )
    expect(JSON.stringify(messages.at(-1)).endsWith('"text":"Hello?","cache_control":{"type":"ephemeral"}}]}')).toBe(true)
    expect(JSON.stringify([system, messages]).split('cache_control').length - 1).toBeLessThanOrEqual(MAX_MARKS)
  }))

/** The positions of the marks do not matter for a cache hit. */
function withoutMarks(part: unknown): string {
  return JSON.stringify(part, (key, value) => key === 'cache_control' ? undefined : value)
}

/** A later request may add blocks to the last message of an earlier one. */
function begins(whole: readonly string[], beginning: readonly string[]): boolean {
  const end = beginning.length - 1
  return beginning.every((part, n) => n === end ? whole[n]?.startsWith(part.slice(0, -']}'.length)) : whole[n] === part)
}
