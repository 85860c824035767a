import type { Task } from '#shared/model/task.ts'
import type { RunnerDown, RunnerUp } from '#shared/protocol/runner.ts'
import type { TestSocket } from '../testing/harness.ts'
import { evictDurableObject, reset, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MAX_COST_USD, MAX_TOKENS } from '#shared/model/bounded.ts'
import { MAX_FEEDBACK_LENGTH, MAX_FRAME_BYTES, MAX_PAUSE_MS } from '#shared/model/limits.ts'
import { taskKey, task as taskSchema } from '#shared/model/task.ts'
import { CLOSE } from '#shared/protocol/live.ts'
import { toParts } from '#shared/protocol/parts.ts'
import { RUNNER_PROTOCOL_VERSION } from '#shared/protocol/runner.ts'
import { buildTask, HEAD, STATES } from '#shared/testing/build-task.ts'
import { createStore } from '../store/create-store.ts'
import { isFrame, mainloop, openSocket } from '../testing/harness.ts'

const { id: TASK } = buildTask()
const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }

afterEach(() => reset())

async function connect(): Promise<TestSocket<RunnerUp, RunnerDown>> {
  const runner: TestSocket<RunnerUp, RunnerDown> = await openSocket('/runner', { Authorization: `Bearer ${env.RUNNER_TOKEN}` })
  runner.send({ type: 'hello', protocol: RUNNER_PROTOCOL_VERSION, instance: 'i', executor: 'process', problems: [] })
  await runner.next(isFrame('desired'))
  return runner
}

async function storeTask(task: Partial<Task>): Promise<void> {
  await runInDurableObject(mainloop(), async (_, { storage }) => {
    await createStore({ storage, now: Date.now }).commit(tx => tx.set(taskKey(TASK), buildTask(task)))
  })
  // The object's own store caches the version, so the object starts anew.
  await evictDurableObject(mainloop())
}

function taskNow(): Promise<Task> {
  return runInDurableObject(mainloop(), async (_, { storage }) =>
    taskSchema.parse(await createStore({ storage, now: Date.now }).rows.get(taskKey(TASK))))
}

test('a report of many frames is applied, and its desired task comes back in parts', async () => {
  await storeTask({ state: STATES.in_review, heads: [HEAD] })
  const runner = await connect()
  const comments = Array.from({ length: 100 }, (_, n) => ({ id: `comment:${n}` as const, text: '€'.repeat(MAX_FEEDBACK_LENGTH / 100) }))
  const report: RunnerUp = { type: 'report', id: 'r1', task: TASK, event: { kind: 'feedback', comments } }
  expect(toParts(JSON.stringify(report), 1).length).toBeGreaterThan(1)
  runner.send(report)
  const desired = await runner.next(isFrame('desired'))
  expect(JSON.stringify(desired).length).toBeGreaterThan(MAX_FRAME_BYTES / 3)
  expect(desired.tasks[0]?.work).toMatchObject({ do: 'attempt', assignment: { phase: 'feedback', comments } })
  expect(await runner.next(isFrame('ack'))).toMatchObject({ refused: null })
})

test('a frame with a missing part is asked for again, and the connection after it works', async () => {
  const parts = toParts(JSON.stringify({ type: 'report', id: 'r1', task: TASK, event: { kind: 'merged' }, padding: 'a'.repeat(200_000) }), 1)
  const runner = await connect()
  runner.send(must(parts[1], 'a second part'))
  expect((await runner.closed).code).toBe(CLOSE.incomplete)
  await connect()
})

test('a frame above the limit of a single one is refused', async () => {
  const runner = await connect()
  runner.send(`{"type":"report","id":"${'a'.repeat(MAX_FRAME_BYTES)}"}`)
  expect(await runner.closed).toMatchObject({ code: CLOSE.protocol, reason: expect.stringMatching(/larger ones travel in parts/) })
})

test('a result that cannot be stored fails its own task, and says so', async () => {
  // Beside what the task has already there is no room for the plan in one row.
  await storeTask({ state: STATES.planning, guidance: Array.from({ length: 30 }, () => 'a'.repeat(32_000)) })
  const runner = await connect()
  const result = { outcome: 'planned' as const, plan: 'a'.repeat(60_000), questions: [], usage }
  runner.send({ type: 'report', id: 'r1', task: TASK, event: { kind: 'ended', attempt: 1, result } })
  expect(await runner.next(isFrame('ack'))).toMatchObject({ refused: expect.stringMatching(/too large to store/) })
  expect((await taskNow()).state).toMatchObject({ status: 'failed', kind: 'agent', reason: expect.stringMatching(/"planned"\) could not be delivered/) })
})

test('absurd numbers of two attempts and an endless limit leave the task list, the desired tasks and the alarm working', async () => {
  const absurd = { costUsd: 1.7e308, inputTokens: 1.7e308, outputTokens: 1.7e308 }
  await storeTask({ state: STATES.implementing })
  const runner = await connect()
  const crashed = { outcome: 'failed' as const, kind: 'crashed' as const, reason: 'It vanished.', usage: absurd }
  runner.send({ type: 'report', id: 'r1', task: TASK, event: { kind: 'ended', attempt: 1, result: crashed } })
  await runner.next(isFrame('ack'))
  const limited = { outcome: 'limited' as const, until: 1e300, why: 'Used up.', usage: absurd }
  const before = Date.now()
  runner.send({ type: 'report', id: 'r2', task: TASK, event: { kind: 'ended', attempt: 2, result: limited } })
  expect(await runner.next(isFrame('ack'))).toMatchObject({ refused: null })

  const task = await taskNow()
  expect(task.usage).toEqual({ costUsd: MAX_COST_USD, inputTokens: MAX_TOKENS, outputTokens: MAX_TOKENS })
  const { until } = task.state as Extract<Task['state'], { status: 'paused' }>
  expect(until).toBeGreaterThanOrEqual(before + MAX_PAUSE_MS)
  expect(until).toBeLessThanOrEqual(Date.now() + MAX_PAUSE_MS)
  expect(await runInDurableObject(mainloop(), (_, { storage }) => storage.getAlarm())).toBeGreaterThan(0)
  await connect()
})
