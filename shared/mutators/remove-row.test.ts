import type { Json } from '../model/json.ts'
import type { Tx } from './tx.ts'
import { expect, test } from 'vitest'
import { Refused } from '../model/refusal.ts'
import { taskKey } from '../model/task.ts'
import { buildTask } from '../testing/build-task.ts'
import { removeRow, removeRowArgs } from './remove-row.ts'

const task = buildTask()

async function remaining(stored: Record<string, Json>, key: string): Promise<string[]> {
  const rows = new Map(Object.entries(stored))
  const tx: Pick<Tx, 'get' | 'del'> = { get: async key => rows.get(key), del: async key => rows.delete(key) }
  await removeRow(tx as Tx, removeRowArgs.parse({ key }))
  return [...rows.keys()]
}

test('a row that cannot be read is deleted, and no other', async () => {
  expect(await remaining({ 'turn': { state: 'idle', since: 1 }, 'task/aaaaaaaaaa': { ...task, usage: null } }, 'task/aaaaaaaaaa')).toEqual(['turn'])
})

test('a row that is gone already is no problem', async () => {
  expect(await remaining({}, 'task/aaaaaaaaaa')).toEqual([])
})

test.each<[string, string, Json]>([
  ['a row that can be read', taskKey(task.id), task],
  ['a row of a kind that is not known here', 'hologram/1', 'anything'],
])('%s is not deleted', async (_, key, value) => {
  const removing = remaining({ [key]: value }, key)
  expect(await removing.catch((error: unknown) => error instanceof Refused && error.kind)).toBe('illegal')
})
