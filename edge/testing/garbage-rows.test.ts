import type { Json } from '#shared/model/json.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { TestSocket } from './harness.ts'
import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { messageKey } from '#shared/model/message.ts'
import { problemOf, rows } from '#shared/model/rows.ts'
import { taskKey } from '#shared/model/task.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { createStore } from '../store/create-store.ts'
import { isFrame, mainloop, mutation, openLive, openSocket, pairDevice, post, pullBody, pushBody, request } from './harness.ts'

/** Beside one run for each row that is null. */
const RUNS = 8

const HEALTHY = 'hhhhhhhhhh'
const usage = { costUsd: 1, inputTokens: 2, outputTokens: 3 }
const record = {
  attempt: 1,
  phase: 'implement' as const,
  cause: null,
  startedAt: 1,
  endedAt: 2,
  outcome: 'published',
  summary: 'Done.',
  head: HEAD,
  usage,
}

/** A row of each kind and variant. The healthy task must work whatever happens to any other row. */
const SEED: Record<string, Json> = {
  [messageKey(1)]: { kind: 'person', id: 'm1', at: 1, text: 'Keep the zebra.' },
  [messageKey(2)]: { kind: 'claude', id: 'm2', at: 2, turn: 't1', text: 'The zebra is kept.', state: 'done' },
  [messageKey(3)]: { kind: 'task', id: 'm3', at: 3, task: HEALTHY },
  [messageKey(4)]: { kind: 'event', id: 'm4', at: 4, task: HEALTHY, text: 'The task was started.' },
  [taskKey('pppppppppp')]: buildTask({ id: 'pppppppppp', state: STATES.paused, usage, history: [record] }),
  [taskKey('rrrrrrrrrr')]: buildTask({ id: 'rrrrrrrrrr', state: STATES.in_review, heads: [HEAD], usage, history: [record] }),
  [taskKey('ffffffffff')]: buildTask({ id: 'ffffffffff', state: STATES.fixing, usage, history: [record] }),
  'note/n1': { id: 'n1', text: 'Releases are on Tuesdays.', by: 'person', createdAt: 1, changedAt: 1 },
  'note/n2': { id: 'n2', text: 'The zebra is black.', by: 'claude', createdAt: 2, changedAt: 2 },
  'approval/a1': { id: 'a1', at: 1, task: HEALTHY, by: 'Claude', wants: { kind: 'cancel', why: 'It is done.' } },
  'refusal/c/1': { id: 'c/1', at: 1, kind: 'stale', mutation: 'decideTask', reason: 'Too late.', words: null },
  'usage/2026-11-23': {
    day: '2026-11-23',
    replies: 1,
    inputTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 1,
    cacheWriteTokens: 1,
    costUsd: 1,
    unpricedTokens: 0,
  },
  'turn': { state: 'idle', since: 1 },
  'conversation': { summary: 'They spoke of a zebra.', summarizedThroughId: 0, messageCount: 4 },
  'status/model': { id: 'demo', demo: true },
  'status/runner': { online: false, since: 1, executor: 'process', problems: [] },
}

const VALUES: Json[] = [null, 'garbage', '', 0, -1, 1.7e308, true, [], [null], {}, { kind: 'hologram' }, { state: null }]
const FOREIGN = fc.constantFrom(...VALUES)

/** The row's own value with something foreign in place of one of its fields, however deep. */
function damaged(value: Json): fc.Arbitrary<Json> {
  if (typeof value !== 'object' || value === null)
    return FOREIGN
  const fields = Object.entries(value)
  if (fields.length === 0)
    return FOREIGN
  const inside = fc.constantFrom(...fields).chain(([key, field]) =>
    damaged(field ?? null).map(bad => withField(value, key, bad)))
  return fc.oneof({ weight: 1, arbitrary: FOREIGN }, { weight: 3, arbitrary: inside })
}

function withField(value: object, key: string, bad: Json): Json {
  return Array.isArray(value) ? value.map((one: Json, n) => String(n) === key ? bad : one) : { ...value, [key]: bad }
}

/** A runner that was online when the object ended is a variant of a row that the seed has already. */
const ROWS: [key: string, value: Json][] = [
  ...Object.entries(SEED),
  ['status/runner', { online: true, since: 1, executor: 'process', problems: [] }],
]

/** The text in the column, which may not even be JSON. */
const garbage = fc.constantFrom(...ROWS).chain(([key, value]) => {
  const json = damaged(value).map(value => JSON.stringify(value))
  return fc.tuple(fc.constant(key), fc.oneof({ weight: 8, arbitrary: json }, { weight: 1, arbitrary: fc.constantFrom('{', 'x', '') }))
})

const EXAMPLES: [key: string, text: string][] = [
  ...Object.keys(SEED).map(key => [key, 'null'] satisfies [string, string]),
  ['status/runner', '{"online":true,"since":"x"}'],
]

afterEach(() => reset())

async function seed(key: string, text: string): Promise<void> {
  await runInDurableObject(mainloop(), async (_, { storage }) => {
    const store = createStore({ storage, now: Date.now })
    await store.commit(async (tx) => {
      for (const [place, value] of Object.entries({ ...SEED, [taskKey(HEALTHY)]: buildTask({ id: HEALTHY, state: STATES.implementing }) }))
        await tx.set(place, value)
    })
    storage.sql.exec('UPDATE rows SET value = ? WHERE key = ?', text, key)
  })
  // The object's own store caches the version, so the object starts anew.
  await evictDurableObject(mainloop())
}

function stored(key: string): Promise<Json | null> {
  return runInDurableObject(mainloop(), async (_, { storage }) => await createStore({ storage, now: Date.now }).rows.get(key) ?? null)
}

/** Everything that a person, a runner and Claude do, in spite of the row. */
async function check(key: string): Promise<void> {
  const bearer = { Authorization: `Bearer ${env.RUNNER_TOKEN}` }
  const tasks = await request('/runner/tasks', { headers: bearer })
  expect(tasks.status).toBe(200)
  expect(((await tasks.json()) as { tasks: { id: string }[] }).tasks.map(({ id }) => id)).toContain(HEALTHY)

  const runner: TestSocket<RunnerUp, RunnerDown> = await openSocket('/runner', bearer)
  runner.send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] })
  expect((await runner.next(isFrame('desired'))).tasks.map(({ id }) => id)).toContain(HEALTHY)
  const result = { outcome: 'published' as const, head: HEAD, summary: 'Done.', flags: [], usage }
  runner.send({ type: 'report', id: 'r1', task: HEALTHY, event: { kind: 'ended', attempt: 1, result } })
  expect(await runner.next(isFrame('ack'))).toEqual({ type: 'ack', report: 'r1', refused: null })
  expect(await stored(taskKey(HEALTHY))).toMatchObject({ state: { status: 'checking' } })

  const cookie = await pairDevice()
  const device = await openLive(cookie)
  device.send({ type: 'pull', request: 1, body: pullBody() })
  const { response } = await device.next(isFrame('pulled'))
  expect('patch' in response && response.patch.some(change => 'key' in change && change.key === taskKey(HEALTHY))).toBe(true)

  device.send({ type: 'push', request: 2, body: pushBody({ mutations: [mutation({ args: { id: 'new', text: 'Where is the zebra?' } })] }) })
  await device.next(isFrame('pushed'))
  await expect.poll(async () => {
    const after = await Promise.all([6, 7, 8].map(n => stored(messageKey(n))))
    return after.some(row => rows.message.schema.safeParse(row).data?.kind === 'claude' && JSON.stringify(row).includes('"done"'))
  }).toBe(true)

  const found = await request('/api/search?q=zebra', { headers: { Cookie: cookie } })
  expect([found.status, ((await found.json()) as { hits: unknown[] }).hits.length > 0]).toEqual([200, true])
  const exported = await request('/api/export?format=json', { headers: { Cookie: cookie } })
  expect(((await exported.json()) as { rows: Record<string, Json> }).rows).toHaveProperty([key])
  const readable = await request('/api/export?format=markdown', { headers: { Cookie: cookie } })
  expect(await readable.text()).toContain('zebra')

  const left = await stored(key)
  if (left !== null && problemOf(key, left) !== null) {
    await post('/api/push', pushBody({ mutations: [mutation({ id: 2, name: 'removeRow', args: { key } })] }), cookie)
    expect(await stored(key)).toBeNull()
  }
  runner.close()
  device.close()
}

test('any single row may be garbage of its own kind, and all else works', async () => {
  await fc.assert(fc.asyncProperty(garbage, async ([key, text]) => {
    await seed(key, text)
    await check(key)
    await reset()
  }), { numRuns: RUNS + EXAMPLES.length, examples: EXAMPLES.map(row => [row]) })
})

test('without garbage the same works', async () => {
  await seed('turn', JSON.stringify(must(SEED.turn, 'a turn')))
  await check('turn')
})
