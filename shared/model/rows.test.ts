import type { Json } from './json.ts'
import type { RowKind, SingleRow } from './rows.ts'
import { expect, test } from 'vitest'
import { buildTask, STATES } from '../testing/build-task.ts'
import { approvalKey } from './approval.ts'
import { MAX_COST_USD, MAX_TIME } from './bounded.ts'
import { usageKey } from './day-usage.ts'
import { messageKey, pendingMessageKey } from './message.ts'
import { noteKey } from './note.ts'
import { refusalKey } from './refusal.ts'
import { kindOf, list, problemOf, read, readRow, rows } from './rows.ts'
import { taskKey } from './task.ts'

const task = buildTask()
const stored: [string, Json][] = [[taskKey(task.id), task], [taskKey('zzzzzzzzzz'), { ...task, usage: null }], ['turn', { state: 'idle', since: 1 }]]
const tx = {
  get: async (key: string) => stored.find(([other]) => other === key)?.[1],
  async* scan(prefix: string) {
    yield* stored.filter(([key]) => key.startsWith(prefix))
  },
}

test('a row is read by its kind and id, a single row by its kind', async () => {
  expect(await read(tx, rows.task, task.id)).toEqual(task)
  expect(await read(tx, rows.turn)).toEqual({ state: 'idle', since: 1 })
  expect(await read(tx, rows.note, 'n1')).toBeUndefined()
})

test('a list has the readable rows of its kind and no others', async () => {
  const titles: string[] = []
  for await (const { title } of list(tx, rows.task))
    titles.push(title)
  expect(titles).toEqual([task.title])
})

test('a row that cannot be read is none, and has a reason', async () => {
  expect(await read(tx, rows.task, 'zzzzzzzzzz')).toBeUndefined()
  expect(problemOf(taskKey('zzzzzzzzzz'), { ...task, usage: null })).toMatch(/\(usage\)$/)
  expect(problemOf('turn', 'garbage')).toMatch(/\w/)
  expect([problemOf(taskKey(task.id), task), problemOf('hologram/1', null)]).toEqual([null, null])
})

const note = { id: 'n1', text: 'Releases are on Tuesdays.', by: 'person', createdAt: 1, changedAt: 1 }
const day = { day: '2026-11-23', replies: 1, inputTokens: 1, outputTokens: 1, cacheReadTokens: 1, cacheWriteTokens: 1, costUsd: 1, unpricedTokens: 0 }
const refusal = { id: 'c/1', at: 1, kind: 'stale', mutation: 'decideTask', reason: 'Too late.', words: null }
const approval = { id: 'a1', at: 1, task: task.id, by: 'Claude', wants: { kind: 'cancel', why: 'It is done.' } }
const message = { kind: 'person', id: 'm1', at: 1, text: 'Hello' }

test.each<[kind: keyof typeof rows, key: string, other: string | null, value: Json]>([
  ['task', taskKey(task.id), taskKey('zzzzzzzzzz'), task],
  ['note', noteKey('n1'), noteKey('n2'), note],
  ['approval', approvalKey('a1'), approvalKey('a2'), approval],
  ['refusal', refusalKey('c', 1), refusalKey('c', 2), refusal],
  ['usage', usageKey('2026-11-23'), usageKey('2026-11-24'), day],
  ['message', messageKey(1), null, message],
  ['message', pendingMessageKey(1, 'm1'), null, message],
  ['turn', 'turn', null, { state: 'idle', since: 1 }],
  ['conversation', 'conversation', null, { summary: '', summarizedThroughId: 0, messageCount: 0 }],
  ['model', 'status/model', null, { id: 'demo', demo: true }],
  ['runner', 'status/runner', null, { online: false, since: 1, executor: 'process', problems: [] }],
])('a row of the kind %s is read under its own key %s, and not under %s', (name, key, other, value) => {
  const kind: RowKind<unknown> | SingleRow<unknown> = rows[name]
  expect([readRow(kind, key, value), problemOf(key, value)]).toEqual([value, null])
  if (other !== null)
    expect([readRow(kind, other, value), problemOf(other, value)]).toEqual([undefined, expect.stringMatching(/another row/)])
})

test('a list leaves out a row that says that it is another one', async () => {
  const found: string[] = []
  const scan = async function* () {
    yield* [[taskKey('zzzzzzzzzz'), task], [taskKey(task.id), task]] satisfies [string, Json][]
  }
  for await (const { id } of list({ scan }, rows.task))
    found.push(id)
  expect(found).toEqual([task.id])
})

test.each([
  ['message/000000000001', 'message'],
  ['task/a1b2c3d4e5', 'task'],
  ['turn', 'turn'],
  ['status/runner', 'runner'],
  ['turned', null],
  ['hologram/1', null],
])('%s is of the kind %s', (key, kind) => {
  expect(kindOf(key)).toBe(kind)
})

test('absurd numbers at rest are read as their bounds', async () => {
  const absurd = { ...task, usage: { costUsd: 1e200, inputTokens: -1, outputTokens: 1 }, state: { ...STATES.paused, until: 1e300 } }
  expect(await read({ get: async () => absurd }, rows.task, task.id)).toMatchObject({
    usage: { costUsd: MAX_COST_USD, inputTokens: 0, outputTokens: 1 },
    state: { until: MAX_TIME },
  })
})
