import type { Json } from './json.ts'
import { expect, test } from 'vitest'
import { buildTask, STATES } from '../testing/build-task.ts'
import { MAX_COST_USD, MAX_TIME } from './bounded.ts'
import { kindOf, list, problemOf, read, rows } from './rows.ts'
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
