import { expect, test } from 'vitest'
import { taskKey } from '#shared/model/task.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { createStore } from '../store/create-store.ts'
import { migrate } from '../store/migrate.ts'
import { countRows } from '../testing/count-rows.ts'
import { onStorage } from '../testing/harness.ts'
import { createUnfinishedTasks } from './unfinished-tasks.ts'

test('tasks are read once, then only changed ones, and finished ones never again', () => onStorage(async (given) => {
  migrate(given)
  const { storage, read } = countRows(given)
  const store = createStore({ storage, now: () => 0 })
  const put = (id: string, status: 'merged' | 'queued' | 'paused') => store.commit(tx => tx.set(taskKey(id), buildTask({ id, state: STATES[status] })))
  for (let n = 0; n < 20; n++)
    await put(`${n}`.padStart(10, '0'), n < 2 ? 'queued' : 'merged')

  const unfinished = createUnfinishedTasks(store)
  const ask = () => {
    const before = read()
    const tasks = unfinished().map(({ id, state }) => `${Number(id)} ${state.status}`)
    return { tasks, rows: read() - before }
  }
  expect(ask()).toEqual({ tasks: ['0 queued', '1 queued'], rows: 20 })
  await store.commit(tx => tx.set('note/n', { text: 'Hello' }))
  expect(ask()).toEqual({ tasks: ['0 queued', '1 queued'], rows: 0 })
  await put('0000000001', 'merged')
  await put('0000000000', 'paused')
  await put('0000000020', 'queued')
  expect(ask()).toEqual({ tasks: ['0 paused', '20 queued'], rows: 3 })
  await store.commit(tx => tx.del(taskKey('0000000000')))
  expect(ask().tasks).toEqual(['20 queued'])
}))
