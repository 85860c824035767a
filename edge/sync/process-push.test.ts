import type { Refusal } from '#shared/model/refusal.ts'
import type { Store } from '../store/store.ts'
import { describe, expect, test, vi } from 'vitest'
import { approvalKey } from '#shared/model/approval.ts'
import { MAX_MESSAGE_LENGTH, MAX_VALUE_BYTES } from '#shared/model/limits.ts'
import { messageKey } from '#shared/model/message.ts'
import { REFUSAL_PREFIX } from '#shared/model/refusal.ts'
import { taskKey } from '#shared/model/task.ts'
import { FORMER_REPLAY, REPLAY } from '#shared/protocol/replay.ts'
import { pushBody as pushBodySchema, SCHEMA_VERSION } from '#shared/protocol/replicache.ts'
import { buildTask, HEAD } from '#shared/testing/build-task.ts'
import { lastMutationID } from '../store/client-records.ts'
import { mutation, pushBody, withStore } from '../testing/harness.ts'
import { processMutation } from './process-mutation.ts'
import { processPush } from './process-push.ts'

const client = { clientGroupID: 'group', clientID: 'client' }

describe('a mutation', () => {
  test.each([
    ['the first one runs', null, 1, 'applied', 1],
    ['the next one runs', 4, 5, 'applied', 5],
    ['a repeat is skipped', 5, 5, 'skipped', 5],
    ['an older repeat is skipped', 5, 2, 'skipped', 5],
    ['a gap is refused', 4, 6, 'gap', 4],
    ['an unknown client cannot begin in the middle', null, 2, 'gap', null],
  ] as const)('%s', (_, last, id, outcome, after) => withStore(async (store) => {
    await stand(store, last)
    expect(await processMutation(store, 'group', mutation({ id }))).toBe(outcome)
    expect(lastMutationID(store.sql, client)).toBe(after)
    expect(await store.rows.get(messageKey(1)) !== undefined).toBe(outcome === 'applied')
  }))

  test('may begin in the middle when its client rescues it', () => withStore(async (store) => {
    expect(await processMutation(store, 'group', mutation({ id: 7 }), { rescue: true })).toBe('applied')
    expect(await processMutation(store, 'group', mutation({ id: 7 }), { rescue: true })).toBe('skipped')
    expect(await processMutation(store, 'group', mutation({ id: 9 }))).toBe('gap')
  }))

  test('of another group\'s client is refused and moves nothing', () => withStore(async (store) => {
    await stand(store, 4)
    expect(await processMutation(store, 'another', mutation({ id: 5 }))).toBe('foreign')
    expect(lastMutationID(store.sql, client)).toBe(4)
  }))

  test('sent twice at once happens once', () => withStore(async (store) => {
    expect(await Promise.all([processMutation(store, 'group', mutation()), processMutation(store, 'group', mutation())])).toEqual(['applied', 'skipped'])
  }))

  test('requests an answer', () => withStore(async (store) => {
    const asked: unknown[] = []
    store.onCommit((_, effects) => asked.push(...effects))
    await processMutation(store, 'group', mutation())
    expect(asked).toEqual([{ kind: 'answer' }])
  }))
})

describe('a replayed mutation', () => {
  const text = { id: 'm', text: 'Hello' }
  const replay = (id: number, first: number, change: object = { name: 'sendMessage', args: text }) =>
    mutation({ clientID: 'later', id, name: REPLAY, args: { clientGroupID: 'group', clientID: 'client', id: first, at: 0, ...change } })
  const messages = (store: Store) => store.sql.exec('SELECT key FROM rows WHERE key >= \'message/\'').toArray().length

  test('is made, and counts for both clients', () => withStore(async (store) => {
    await stand(store, 4)
    expect(await processMutation(store, 'group', replay(1, 5))).toBe('applied')
    expect([messages(store), lastMutationID(store.sql, client), lastMutationID(store.sql, { ...client, clientID: 'later' })]).toEqual([1, 5, 1])
  }))

  test.each([
    ['the original comes first', [mutation({ args: text }), replay(1, 1)]],
    ['the original comes later', [replay(1, 1), mutation({ args: text })]],
    ['two pages replay it', [replay(1, 1), mutation({ ...replay(1, 1), clientID: 'latest' })]],
  ])('is made once: %s', (_, mutations) => withStore(async (store) => {
    expect(await processPush(store, pushBody({ mutations }))).toEqual({})
    expect(messages(store)).toBe(1)
  }))

  test('is accepted under its former name', () => withStore(async (store) => {
    expect(await processMutation(store, 'group', { ...replay(1, 1), name: FORMER_REPLAY })).toBe('applied')
    expect([messages(store), lastMutationID(store.sql, client)]).toEqual([1, 1])
  }))

  test('may begin anywhere, as the mutations before it are replayed too', () => withStore(async (store) => {
    expect(await processMutation(store, 'group', replay(1, 7))).toBe('applied')
  }))

  test('for a client of another group counts for that group', () => withStore(async (store) => {
    expect(await processMutation(store, 'newer', replay(1, 1))).toBe('applied')
    expect(await processMutation(store, 'group', mutation({ args: text }))).toBe('skipped')
  }))

  test.each([
    ['a refusal has the first id', { name: 'nonsense', args: text }, 'client/3'],
    ['a replay of a replay is refused', { name: REPLAY, args: {} }, 'client/3'],
    ['a replay without a first id is refused under its own', { id: 0 }, 'later/1'],
  ])('%s', (_, change, key) => withStore(async (store) => {
    expect(await processMutation(store, 'group', replay(1, 3, change))).toBe('refused')
    expect(await store.rows.get(REFUSAL_PREFIX + key)).toMatchObject({ id: key })
  }))
})

test('a mutation decideAsk of an earlier version still decides an approval', () => withStore(async (store) => {
  const task = buildTask({ state: { status: 'checking', since: 1, head: HEAD, pending: [] } })
  await store.commit(async (tx) => {
    await tx.set(taskKey(task.id), task)
    await tx.set(approvalKey('a1'), { id: 'a1', at: 1, task: task.id, by: 'Claude', wants: { kind: 'cancel', why: 'It is done.' } })
  })
  const decision = { name: 'decideAsk', args: { ask: 'a1', accept: true } }
  expect(await processMutation(store, 'group', mutation(decision))).toBe('applied')
  expect(await store.rows.get(approvalKey('a1'))).toBeUndefined()
  expect(await store.rows.get(taskKey(task.id))).toMatchObject({ state: { status: 'cancelled' } })
  expect(await processMutation(store, 'group', mutation({ id: 2, ...decision }))).toBe('refused')
}))

describe('a mutation that cannot be made', () => {
  const long = 'a'.repeat(MAX_MESSAGE_LENGTH + 1)
  const ANSWERS = [{ question: 'q', text: 'Yes' }, { question: 'r', text: 'No' }]

  test.each([
    ['an unknown name', { name: 'dropEverything', args: null }, 'unknown-mutation', null],
    ['a name that every object has', { name: 'constructor', args: null }, 'unknown-mutation', null],
    ['no arguments', { args: null }, 'invalid', null],
    ['an empty message', { args: { id: 'm', text: '' } }, 'invalid', ''],
    ['a message without an id', { args: { text: 'My words' } }, 'invalid', 'My words'],
    ['a message that is too long', { args: { id: 'm', text: long } }, 'invalid', long],
    ['a task that is not there', { name: 'decideTask', args: { task: 'abcdefghij', event: { kind: 'cancel' } } }, 'not-found', null],
    [
      'words for a task that is not there',
      { name: 'decideTask', args: { task: 'abcdefghij', event: { kind: 'revise-plan', words: 'Do less' } } },
      'not-found',
      'Do less',
    ],
    [
      'answers for a task that is not there',
      { name: 'decideTask', args: { task: 'abcdefghij', event: { kind: 'answer', answers: ANSWERS } } },
      'not-found',
      'Yes\n\nNo',
    ],
    ['stopping a reply that has ended', { name: 'stopTurn', args: { turn: 't' } }, 'stale', null],
  ])('%s is processed, and the reason and the words are kept', (_, invalid, kind, words) =>
    withStore(async (store) => {
      expect(await processMutation(store, 'group', mutation(invalid))).toBe('refused')
      expect(lastMutationID(store.sql, client)).toBe(1)
      expect(await refusals(store)).toEqual([expect.objectContaining({ id: 'client/1', kind, words })])
      expect(await store.rows.get(messageKey(1))).toBeUndefined()
      expect(store.sql.exec('SELECT * FROM outbox').toArray()).toEqual([])
    }))

  test('names the limit of a message that is too long', () => withStore(async (store) => {
    await processMutation(store, 'group', mutation({ args: { id: 'm', text: long } }))
    expect((await refusals(store))[0]?.reason).toContain('256,000 characters')
  }))

  test('keeps the beginning of a text that does not fit into a row, and says so', () => withStore(async (store) => {
    await processMutation(store, 'group', mutation({ args: { id: 'm', text: '\0'.repeat(MAX_VALUE_BYTES) } }))
    const [refusal] = await refusals(store)
    expect(refusal?.words?.length).toBeGreaterThan(100_000)
    expect(refusal?.reason).toContain('Only the beginning')
  }))

  test('because of a bug of ours says so, and leaves nothing half done', () => withStore(async (store) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const failing: Store = {
      ...store,
      commit: change => store.commit((tx) => {
        tx.get = () => Promise.reject(new Error('a bug'))
        return change(tx)
      }),
    }
    const cancel = mutation({ name: 'decideTask', args: { task: 'abcdefghij', event: { kind: 'cancel' } } })
    expect(await processMutation(failing, 'group', cancel)).toBe('refused')
    expect(await refusals(store)).toEqual([expect.objectContaining({ kind: 'internal' })])
    expect(logged).toHaveBeenCalledOnce()
    logged.mockRestore()
  }))

  test('because a task cannot be read says that there is none, and leaves the row as it is', () => withStore(async (store) => {
    await store.commit(tx => tx.set(taskKey('abcdefghij'), { state: null }))
    const cancel = mutation({ name: 'decideTask', args: { task: 'abcdefghij', event: { kind: 'cancel' } } })
    expect(await processMutation(store, 'group', cancel)).toBe('refused')
    expect(await refusals(store)).toEqual([expect.objectContaining({ kind: 'not-found' })])
    expect(await store.rows.get(taskKey('abcdefghij'))).toEqual({ state: null })
  }))

  test('keeps text with half of a surrogate pair out of the rows, whatever the mutation is called', () => withStore(async (store) => {
    const half = '\uD83D'
    expect(await processMutation(store, 'group', mutation({ args: { id: 'm', text: `a${half}` } }))).toBe('applied')
    expect(await store.rows.get(messageKey(1))).toMatchObject({ text: 'a\uFFFD' })
    const unknown = pushBodySchema.parse(pushBody({ mutations: [mutation({ id: 2, name: `x${half}`, args: { text: half } })] }))
    expect(await processPush(store, unknown)).toEqual({})
    const tooLong = mutation({ id: 3, args: { id: 'm3', text: half.repeat(300_000) } })
    expect(await processMutation(store, 'group', tooLong)).toBe('refused')
    expect((await refusals(store)).map(({ words }) => words?.slice(0, 2) ?? null)).toEqual([null, '\uFFFD\uFFFD'])
  }))

  test('does not block the next one', () => withStore(async (store) => {
    const mutations = [mutation({ name: 'nonsense' }), mutation({ id: 2 })]
    expect(await processPush(store, pushBody({ mutations }))).toEqual({})
    expect(lastMutationID(store.sql, client)).toBe(2)
    expect(await store.rows.get(messageKey(1))).toMatchObject({ id: 'm2' })
  }))
})

describe('a push', () => {
  test.each([
    ['without mutations succeeds', { mutations: [] }, {}],
    ['with several mutations in order succeeds', { mutations: [mutation(), mutation({ id: 2 }), mutation({ clientID: 'tab' })] }, {}],
    ['of an older schema succeeds', { schemaVersion: '0' }, {}],
    ['of a newer schema is refused', { schemaVersion: String(Number(SCHEMA_VERSION) + 1) }, { error: 'VersionNotSupported', versionType: 'schema' }],
    ['of an unknown group in the middle of its count is refused', { mutations: [mutation({ id: 7 })] }, { error: 'ClientStateNotFound' }],
    ['with a gap inside is refused', { mutations: [mutation(), mutation({ id: 3 })] }, { error: 'ClientStateNotFound' }],
  ])('%s', (_, body, response) => withStore(async (store) => {
    expect(await processPush(store, pushBody(body))).toEqual(response)
  }))

  test('with a client of another group is refused', () => withStore(async (store) => {
    await processPush(store, pushBody())
    expect(await processPush(store, pushBody({ clientGroupID: 'another', mutations: [mutation({ id: 2 })] }))).toEqual({ error: 'ClientStateNotFound' })
  }))
})

async function stand(store: Store, last: number | null): Promise<void> {
  if (last !== null)
    await store.commit(async tx => tx.acknowledge({ ...client, lastMutationID: last }))
}

async function refusals(store: Store): Promise<Refusal[]> {
  const found: Refusal[] = []
  for await (const [, value] of store.rows.scan(REFUSAL_PREFIX))
    found.push(value as Refusal)
  return found
}
