import type { ModelEnd } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import { expect, test } from 'vitest'
import { CONVERSATION_KEY } from '#shared/model/conversation.ts'
import { usageKey } from '#shared/model/day-usage.ts'
import { buildRequest } from '../conversation/build-request.ts'
import { withStore } from '../testing/harness.ts'
import { compact } from './compaction.ts'
import { readFrontier } from './spans.ts'
import { addMessages, keeping, summariserOf } from './testing/memory-fixtures.ts'

const NOW = 1_000
const now = () => NOW
type End = Omit<ModelEnd, 'kind' | 'usage'>

test('the oldest messages become a summary, which replaces them in the next request', () => withStore(async (store) => {
  await addMessages(store, numbered(121))
  const summariser = summariserOf(() => keeping({ decided: ['We use tabs.'], open: ['Who pays?'] }))
  await compact({ store, summariser, now })

  expect(await store.rows.get(CONVERSATION_KEY)).toEqual({
    summary: 'Messages 1 to 40 (2026-01-01)\nDecided:\n- We use tabs.\nStill open:\n- Who pays?',
    summarizedThroughId: 40,
    messageCount: 121,
  })
  const request = buildRequest(store.sql, { id: 't', answersThrough: 121, tries: 0, steps: [], reply: null, waits: 0 }, NOW)
  expect(request.system[1]).toContain('We use tabs.')
  expect(request.messages[0]?.content[0]).toEqual({ kind: 'text', text: 'Message 41' })
  expect(JSON.stringify(summariser.requests[0]?.messages)).toContain('[40, 2026-01-01T00:00, Claude]\\nMessage 40')
  expect(await store.rows.get(usageKey('1970-01-01'))).toMatchObject({ replies: 1, inputTokens: 100, costUsd: 0.000_01 })
}, now))

test('four summaries fold into one of the next level', () => withStore(async (store) => {
  await addMessages(store, numbered(300))
  const summariser = summariserOf(request =>
    keeping({ promised: [JSON.stringify(request.messages).includes('summaries of neighbouring') ? 'folded' : 'from messages'] }),
  )
  await compact({ store, summariser, now })
  expect(readFrontier(store.sql).map(({ level, from, through, messages, summary: { promised } }) => [level, from, through, messages, ...promised])).toEqual([
    [2, 1, 160, 160, 'folded'],
    [1, 161, 200, 40, 'from messages'],
  ])
}, now))

test.each<[string, End, string]>([
  ['is not reached', { stop: 'error', failure: { kind: 'unavailable', message: 'Not reached.' } } as End, 'Not reached.'],
  ['has no credit', { stop: 'error', failure: { kind: 'balance', message: 'Add credit.' } } as End, 'Add credit.'],
  ['breaks off', { stop: 'error', failure: { kind: 'cut', message: 'Broke off.' } } as End, 'Broke off.'],
  ['only talks', { stop: 'done', content: [{ kind: 'text', text: 'Sure!' }] } as End, 'did not call the tool'],
  [
    'forgets what is open',
    { stop: 'tools', content: [{ kind: 'tool-call', id: 'c', name: 'keep_summary', input: { decided: [], promised: [], facts: [] } }] } as End,
    'open',
  ],
  ['sends no JSON', { stop: 'tools', content: [{ kind: 'tool-call', id: 'c', name: 'keep_summary', input: '{"decided": [' }] } as End, 'expected object'],
])('when the summariser %s, nothing changes and the call rejects', (_, answer, message) =>
  withStore(async (store) => {
    await addMessages(store, numbered(121))
    const before = stored(store)
    await expect(compact({ store, summariser: summariserOf(() => answer), now })).rejects.toThrow(message)
    expect(stored(store)).toEqual(before)
  }, now))

test.each([
  ['at its time', NOW + 90_000, NOW + 90_000],
  ['in a minute when it names no time', null, NOW + 60_000],
])('a busy summariser is asked again %s', (_, retryAt, expected) => withStore(async (store) => {
  await addMessages(store, numbered(121))
  const busy = summariserOf(() => ({ stop: 'error', failure: { kind: 'overloaded', message: 'Busy.', retryAt } }) as End)
  expect(await compact({ store, summariser: busy, now })).toEqual({ retryAt: expected })
}, now))

test('a message during a compaction stays live, and two concurrent compactions store one summary', () => withStore(async (store) => {
  await addMessages(store, numbered(121))
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
  const { promise: proceed, resolve: go } = Promise.withResolvers<void>()
  const slow = summariserOf(() => keeping({ facts: ['slow'] }))
  const late = { ...slow, async* model(...args: Parameters<typeof slow.model>) {
    ask()
    await proceed
    yield* slow.model(...args)
  } }
  const compacted = compact({ store, summariser: late, now })
  await asked
  await addMessages(store, ['One more'])
  await compact({ store, summariser: summariserOf(() => keeping({ facts: ['fast'] })), now })
  go()
  await compacted
  expect(readFrontier(store.sql).map(({ from, through, summary: { facts } }) => [from, through, ...facts])).toEqual([[1, 40, 'fast']])
}, now))

test('a summary that is too long loses its oldest facts first', () => withStore(async (store) => {
  await addMessages(store, numbered(121))
  const facts = Array.from({ length: 60 }, (_, n) => `Fact ${n}: ${'x'.repeat(200)}`)
  await compact({ store, summariser: summariserOf(() => keeping({ decided: ['Keep me.'], facts })), now })
  const [span] = readFrontier(store.sql)
  expect(span?.tokens).toBeLessThanOrEqual(1_230)
  expect(span?.summary.decided).toEqual(['Keep me.'])
  expect(span?.summary.facts.at(-1)).toBe(facts.at(-1))
  expect(span?.summary.facts.length).toBeLessThan(facts.length)
}, now))

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `Message ${n + 1}`)
}

function stored({ sql }: Store): unknown {
  return [sql.exec('SELECT * FROM rows ORDER BY key').toArray(), sql.exec('SELECT * FROM spans').toArray()]
}
