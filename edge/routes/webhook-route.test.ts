import type { Task } from '#shared/model/task.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { TestSocket } from '../testing/harness.ts'
import { sign } from '@octokit/webhooks-methods'
import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { taskKey } from '#shared/model/task.ts'
import { tokenMade, webhookPath } from '#shared/protocol/access.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { mintToken } from '../auth/signed-token.ts'
import { mainloopOf } from '../bindings.ts'
import { MAX_REMEMBERED } from '../github/take-delivery.ts'
import { MAX_DELIVERY_BYTES } from '../http/limit-body.ts'
import { createStore } from '../store/create-store.ts'
import { isFrame, mainloop, openSocket, ORIGIN, pairDevice, post, request } from '../testing/harness.ts'
import { pairAs } from './testing/call-route.ts'

afterEach(() => reset())

const TASK = buildTask({ state: STATES.checking, heads: [HEAD] })
const done = { action: 'completed', check_run: { head_sha: HEAD }, repository: { full_name: TASK.repository } }

interface Hook { path: string, secret: string, id: string }

let cookie: string
let hook: Hook
let deliveries = 0
beforeEach(async () => {
  cookie = await pairDevice()
  hook = await newHook(cookie)
})

async function newHook(by: string): Promise<Hook> {
  const { token, secret, view } = tokenMade.parse(await (await post('/api/tokens', { kind: 'github', name: 'GitHub' }, by)).json())
  return { path: webhookPath(token), secret: secret ?? '', id: view.id }
}

interface DeliveryOptions { path?: string, secret?: string, event?: string, id?: string, headers?: Record<string, string> }

/** Delivers an event as GitHub does. */
async function deliver(body: unknown, options: DeliveryOptions = {}) {
  const { path = hook.path, secret = hook.secret, event = 'check_run', id = `d${++deliveries}`, headers = {} } = options
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await request(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-GitHub-Event': event,
      'X-GitHub-Delivery': id,
      'X-Hub-Signature-256': await sign(secret, text || ' '),
      'CF-Connecting-IP': `${deliveries}`,
      ...headers,
    },
    body: text,
  })
  return { status: response.status, answer: await response.json<{ outcome?: string, error?: { kind: string, message: string } }>() }
}

/** Stores a task as the edge's own code would have. */
async function storeTask(task: Task): Promise<void> {
  await runInDurableObject(mainloop(), async (_, { storage }) => {
    await createStore({ storage, now: Date.now }).commit(tx => tx.set(taskKey(task.id), task))
  })
  // The object's own store caches the version, so the object starts anew.
  await evictDurableObject(mainloop())
}

async function connectRunner(): Promise<TestSocket<RunnerUp, RunnerDown>> {
  const runner = await openSocket<RunnerUp, RunnerDown>('/runner', { Authorization: `Bearer ${env.RUNNER_TOKEN}` })
  runner.send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] })
  await runner.next(isFrame('desired'))
  return runner
}

describe('a delivery that GitHub signed', () => {
  test('makes the runner poll the task that it concerns', async () => {
    await storeTask(TASK)
    const runner = await connectRunner()
    expect(await deliver(done)).toEqual({ status: 202, answer: { outcome: 'looking' } })
    expect(await runner.next(isFrame('poll'))).toEqual({ type: 'poll', tasks: [TASK.id] })
  })

  test('changes no row, because it is only a hint', async () => {
    await storeTask(TASK)
    const version = () => runInDurableObject(mainloop(), (_, { storage }) => createStore({ storage, now: Date.now }).version())
    const before = await version()
    await deliver({ ...done, check_run: { head_sha: HEAD, conclusion: 'success' } })
    expect(await version()).toBe(before)
  })

  test('is not kept for a runner that is away', async () => {
    await storeTask(TASK)
    expect((await deliver(done)).answer).toEqual({ outcome: 'looking' })
    const runner = await connectRunner()
    expect(runner.waiting()).toEqual([])
  })

  test('that concerns no task is not remembered', async () => {
    await storeTask(buildTask({ state: STATES.merged }))
    expect((await deliver(done)).answer).toEqual({ outcome: 'no task waits for this' })
    expect((await deliver({ zen: 'Design for failure.' }, { event: 'ping' })).answer).toEqual({ outcome: 'no task waits for this' })
    expect(await remembered()).toBe(0)
  })

  test('updates the time in the list of tokens', async () => {
    await deliver({ zen: 'Design for failure.' }, { event: 'ping' })
    const { tokens } = await (await request('/api/tokens', { headers: { Cookie: cookie } })).json<{ tokens: { kind: string, seenAt: number | null }[] }>()
    expect(tokens).toMatchObject([{ kind: 'github', seenAt: expect.any(Number) }])
  })
})

describe('a repeated delivery', () => {
  test.each([
    ['with the same id', { id: 'same' }],
    ['with another id, which is not signed', {}],
  ])('%s is not accepted', async (_, repeat) => {
    await storeTask(TASK)
    const runner = await connectRunner()
    await deliver(done, { id: 'same' })
    await runner.next(isFrame('poll'))
    expect((await deliver(done, repeat)).answer).toEqual({ outcome: 'delivered before' })
    expect(runner.waiting()).toEqual([])
  })

  test('is detected within bounds: old deliveries are forgotten', async () => {
    await storeTask(TASK)
    await deliver(done, { id: 'first' })
    await runInDurableObject(
      mainloop(),
      (_, { storage }) => void storage.sql.exec('INSERT INTO deliveries (n, id, signature) VALUES (?, \'late\', \'late\')', MAX_REMEMBERED),
    )
    await deliver({ ...done, more: 1 })
    expect(await remembered()).toBe(2)
  })
})

describe('the same refusal, without any effect, for a delivery', () => {
  const body = JSON.stringify(done)

  test.each<[string, () => Promise<DeliveryOptions> | DeliveryOptions]>([
    ['without a signature', () => ({ headers: { 'X-Hub-Signature-256': '' } })],
    ['signed with a guess', () => ({ secret: 'guess' })],
    ['signed with the address itself', () => ({ secret: hook.path.split('/').at(-1) ?? '' })],
    ['whose signature is of another body', async () => ({ headers: { 'X-Hub-Signature-256': await sign(hook.secret, `${body} `) } })],
    ['whose signature is cut short', async () => ({ headers: { 'X-Hub-Signature-256': (await sign(hook.secret, body)).slice(0, -2) } })],
    ['signed with SHA-1', () => ({ headers: { 'X-Hub-Signature-256': `sha1=${'a'.repeat(40)}` } })],
    ['to an address that was made up', async () => ({ path: webhookPath(await mintToken('another-secret-of-a-deployment', 'github', 'owner')) })],
    ['to an address that was never handed out', async () => ({ path: webhookPath(await mintToken(env.SETUP_SECRET, 'github', 'owner')) })],
    ['to an address that names another person', () => ({ path: hook.path.replace('.owner.', '.bob.') })],
    ['to another person\'s address', async () => ({ path: (await newHook(await pairAs('bob'))).path })],
    ['to an address of another kind of token', async () => ({ path: webhookPath(await mintToken(env.SETUP_SECRET, 'mcp', 'owner')) })],
    ['to no address', () => ({ path: webhookPath('x') })],
    ['of a webhook that was revoked', async () => {
      await request(`/api/tokens/${hook.id}`, { method: 'DELETE', headers: { Cookie: cookie, Origin: ORIGIN } })
      return {}
    }],
  ])('%s', async (_, options) => {
    await storeTask(TASK)
    const runner = await connectRunner()
    const { status, answer } = await deliver(body, await options())
    expect([status, answer.error?.message]).toEqual([401, expect.stringContaining('not signed with a secret that is known')])
    expect([runner.waiting(), await remembered()]).toEqual([[], 0])
  })
})

describe('a signed delivery', () => {
  test.each<[string, string, DeliveryOptions, number]>([
    ['as a form', 'payload=%7B%7D', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 400],
    ['without an event', '{}', { event: '' }, 400],
    ['without an id', '{}', { id: '' }, 400],
    ['that is not JSON', '{', {}, 400],
    ['nested without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}, 400],
    ['with a prototype to set', '{"__proto__":{"action":"completed"}}', {}, 400],
    ['that is not what GitHub describes', '{"action":"completed"}', {}, 400],
    ['that is too large', 'a'.repeat(MAX_DELIVERY_BYTES + 1), {}, 413],
    ['from a page', '{}', { headers: { Origin: 'https://evil.example' } }, 403],
  ])('%s is refused with a reason', async (_, body, options, status) => {
    const { status: actual, answer } = await deliver(body, options)
    expect([actual, answer.error?.message]).toEqual([status, expect.stringMatching(/\w+ \w+/)])
  })

  test('to a foreign host name that leads here is refused', async () => {
    const response = await exports.default.fetch(new Request(`http://evil.example${hook.path}`, { method: 'POST', body: '{}' }))
    expect(response.status).toBe(421)
  })

  test('reaches one person\'s tasks only', async () => {
    await storeTask(TASK)
    const theirs = await newHook(await pairAs('bob'))
    expect((await deliver(done, theirs)).answer).toEqual({ outcome: 'no task waits for this' })
    expect(await runInDurableObject(mainloopOf(env, 'bob'), (_, { storage }) => storage.sql.exec('SELECT * FROM deliveries').toArray())).toEqual([])
  })
})

function remembered(): Promise<number> {
  return runInDurableObject(mainloop(), (_, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM deliveries').one().n)
}
