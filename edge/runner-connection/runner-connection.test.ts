import type { Task } from '#shared/model/task.ts'
import type { LogLine } from '#shared/protocol/log.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { TestSocket } from '../testing/harness.ts'
import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { RUNNER_STATUS_KEY, runnerStatus } from '#shared/model/status.ts'
import { taskKey, task as taskSchema } from '#shared/model/task.ts'
import { CLOSE } from '#shared/protocol/live.ts'
import { logPage } from '#shared/protocol/log.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { createStore } from '../store/create-store.ts'
import { isFrame, mainloop, openLive, openSocket, pairDevice, request } from '../testing/harness.ts'

type RunnerSocket = TestSocket<RunnerUp, RunnerDown>

const { id: TASK } = buildTask()
const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
const published = { kind: 'ended' as const, attempt: 1, result: { outcome: 'published' as const, head: HEAD, summary: 'Added it.', flags: [], usage } }

afterEach(() => reset())

function openRunner(): Promise<RunnerSocket> {
  return openSocket('/runner', { Authorization: `Bearer ${env.RUNNER_TOKEN}` })
}

async function connect(): Promise<RunnerSocket> {
  const runner = await openRunner()
  runner.send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] })
  return runner
}

/** Stores a task as the edge's own code would have. */
async function storeTask(task: Partial<Task>): Promise<void> {
  await runInDurableObject(mainloop(), async (_, { storage }) => {
    const store = createStore({ storage, now: Date.now })
    await store.commit(tx => tx.set(taskKey(TASK), buildTask(task)))
  })
  // The object's own store caches the version, so the object starts anew.
  await evictDurableObject(mainloop())
}

function read(key: string): Promise<unknown> {
  return runInDurableObject(mainloop(), (_, { storage }) => createStore({ storage, now: Date.now }).rows.get(key))
}

async function taskNow(): Promise<Task> {
  return taskSchema.parse(await read(taskKey(TASK)))
}

function lines(from: number, to: number): LogLine[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ({ attempt: 1, n: from + i, at: 1, stage: 'agent', kind: 'info', text: `line ${from + i}` }))
}

test('a runner that says hello is welcomed, receives its desired tasks, and is shown as online', async () => {
  await storeTask({ state: STATES.queued })
  const runner = await connect()
  expect(await runner.next(isFrame('welcome'))).toEqual({ type: 'welcome', lease: 1 })
  expect(await runner.next(isFrame('desired'))).toMatchObject({ full: true, tasks: [{ id: TASK, work: { do: 'attempt', attempt: 1 } }] })
  expect(runnerStatus.parse(await read(RUNNER_STATUS_KEY))).toMatchObject({ online: true, executor: 'process', problems: [] })
})

test('a runner that connects does not receive tasks that are merged and cleaned up', async () => {
  await storeTask({ state: STATES.merged, cleanedUp: true })
  const runner = await connect()
  expect(await runner.next(isFrame('desired'))).toMatchObject({ full: true, tasks: [] })
})

test('a runner that connects receives the day\'s spend', async () => {
  const spent = { costUsd: 1.5, inputTokens: 1, outputTokens: 1 }
  await storeTask({ state: { ...STATES.implementing, work: { ...STATES.implementing.work, spent } } })
  const runner = await connect()
  expect(await runner.next(isFrame('desired'))).toMatchObject({
    full: true,
    spent: { day: new Date().toISOString().slice(0, 10), usd: 1.5 },
    tasks: [{ spent }],
  })
})

test('a report is applied, and acknowledged after its change was sent', async () => {
  await storeTask({ state: STATES.implementing })
  const runner = await connect()
  runner.send({ type: 'report', id: 'r1', task: TASK, event: published })
  await runner.next(isFrame('desired'))
  expect(await runner.next(isFrame('desired'))).toMatchObject({ full: false, tasks: [{ work: { do: 'check', head: HEAD } }] })
  expect(await runner.next(isFrame('ack'))).toEqual({ type: 'ack', report: 'r1', refused: null })
})

test('a repeated report is applied once, also over another connection', async () => {
  await storeTask({ state: STATES.implementing })
  const report: RunnerUp = { type: 'report', id: 'r1', task: TASK, event: { kind: 'blocked', on: 'github', why: 'GitHub does not answer.' } }
  const first = await connect()
  first.send(report)
  await first.next(isFrame('ack'))
  const { revision } = await taskNow()

  first.send(report)
  expect(await first.next(isFrame('ack'))).toEqual({ type: 'ack', report: 'r1', refused: null })
  const second = await connect()
  second.send(report)
  expect(await second.next(isFrame('ack'))).toEqual({ type: 'ack', report: 'r1', refused: null })
  expect((await taskNow()).revision).toBe(revision)
})

test.each<[string, Extract<RunnerUp, { type: 'report' }>['event'], string, string]>([
  ['of an old attempt', { kind: 'started', attempt: 9 }, TASK, 'Attempt 9 is not the current one.'],
  ['that the state does not allow', { kind: 'checks', head: HEAD, verdict: { kind: 'none' } }, TASK, 'The task is being implemented, so it cannot be checked.'],
  ['about a task that is gone', { kind: 'merged' }, 'zzzzzzzzzz', 'The task no longer exists.'],
])('a report %s is acknowledged with the reason, each time', async (_, event, task, refused) => {
  await storeTask({ state: STATES.implementing })
  const runner = await connect()
  for (let time = 0; time < 2; time++) {
    runner.send({ type: 'report', id: 'r1', task, event })
    expect(await runner.next(isFrame('ack'))).toEqual({ type: 'ack', report: 'r1', refused })
  }
  expect(await taskNow()).toEqual(buildTask({ state: STATES.implementing }))
})

test('a newer runner supersedes the older one', async () => {
  const older = await connect()
  await older.next(isFrame('desired'))
  const newer = await connect()
  expect(await newer.next(isFrame('welcome'))).toEqual({ type: 'welcome', lease: 2 })
  expect((await older.closed).code).toBe(CLOSE.superseded)
  expect(runnerStatus.parse(await read(RUNNER_STATUS_KEY)).online).toBe(true)
})

test('a runner of another version is closed with the reason', async () => {
  const runner = await openRunner()
  runner.send({ type: 'hello', protocol: 99, instance: 'i', executor: 'process', problems: [] })
  expect(await runner.closed).toMatchObject({ code: CLOSE.version, reason: expect.stringContaining(`version ${RUNNER_PROTOCOL_VERSION}`) })
})

test.each([
  ['a text that is not JSON', 'hello'],
  ['JSON that is not a frame', '{"type":"dance"}'],
  ['a report before hello', JSON.stringify({ type: 'report', id: 'r', task: TASK, event: { kind: 'merged' } })],
])('%s ends the connection with a reason', async (_, text) => {
  const runner = await openRunner()
  runner.send(text)
  expect(await runner.closed).toMatchObject({ code: CLOSE.protocol, reason: expect.stringMatching(/\w/) })
})

test('a runner that goes away is shown as offline', async () => {
  const runner = await connect()
  await runner.next(isFrame('desired'))
  runner.close()
  await expect.poll(async () => runnerStatus.parse(await read(RUNNER_STATUS_KEY)).online).toBe(false)
})

test('a connection survives the sleep of the object', async () => {
  await storeTask({ state: STATES.implementing })
  const runner = await connect()
  await runner.next(isFrame('desired'))
  await evictDurableObject(mainloop())
  runner.send({ type: 'report', id: 'r1', task: TASK, event: published })
  expect(await runner.next(isFrame('ack'))).toMatchObject({ refused: null })
})

test('log lines are stored once and in order, shown live, and can be read back', async () => {
  const cookie = await pairDevice()
  const device = await openLive(cookie)
  const runner = await connect()
  runner.send({ type: 'log', task: TASK, lines: lines(1, 3) })
  expect(await runner.next(isFrame('log-ack'))).toEqual({ type: 'log-ack', task: TASK, attempt: 1, n: 3 })
  expect(await device.next(isFrame('log'))).toEqual({ type: 'log', task: TASK, lines: lines(1, 3) })

  runner.send({ type: 'log', task: TASK, lines: lines(2, 5) })
  expect(await runner.next(isFrame('log-ack'))).toMatchObject({ n: 5 })
  expect(await device.next(isFrame('log'))).toMatchObject({ lines: lines(4, 5) })

  const page = async (query: string) => {
    const response = await request(`/api/tasks/${TASK}/log${query}`, { headers: { Cookie: cookie } })
    return logPage.parse(await response.json())
  }
  expect(await page('')).toEqual({ lines: lines(1, 5), more: false })
  expect(await page('?attempt=1&after=3')).toEqual({ lines: lines(4, 5), more: false })
})

test('lines after a gap are acknowledged only up to the gap', async () => {
  const runner = await connect()
  runner.send({ type: 'log', task: TASK, lines: lines(1, 2) })
  await runner.next(isFrame('log-ack'))
  runner.send({ type: 'log', task: TASK, lines: lines(5, 6) })
  expect(await runner.next(isFrame('log-ack'))).toMatchObject({ n: 2 })
})
