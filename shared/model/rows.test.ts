import type { Json } from './json.ts'
import { expect, test } from 'vitest'
import { buildTask } from '../testing/build-task.ts'
import { list, read, rows } from './rows.ts'
import { taskKey } from './task.ts'

const task = buildTask()
const stored: [string, Json][] = [[taskKey(task.id), task], ['turn', { state: 'idle', since: 1 }]]
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

test('a list has the rows of its kind and no others', async () => {
  const titles: string[] = []
  for await (const { title } of list(tx, rows.task))
    titles.push(title)
  expect(titles).toEqual([task.title])
})
