import { expect, test } from 'vitest'
import { openFileStore, surplus } from './file-store.ts'

test('the newest copies and all unsent files stay', () => {
  const record = (id: string, at: number, needed = false) => ({ id, name: id, at, size: 40, needed })
  const records = [record('old', 1), record('unsent', 0, true), record('new', 3), record('newer', 4)]
  expect(surplus(records, 100)).toEqual(['old'])
})

test('unsent files are listed by name until they are released', async () => {
  let now = 0
  const store = openFileStore('test', 'mem', () => now++)
  for (const [id, needed] of [['b', true], ['copy', false], ['a', true]] as const)
    await store.put(id, new ArrayBuffer(1), { name: `${id}.txt`, needed })
  expect((await store.unsent()).map(({ name }) => name)).toEqual(['b.txt', 'a.txt'])
  await store.release('b')
  await store.release('unknown')
  expect((await store.unsent()).map(({ name }) => name)).toEqual(['a.txt'])
  expect(await store.get('b')).toEqual(new ArrayBuffer(1))
})
