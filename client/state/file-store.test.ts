import { expect, test } from 'vitest'
import { openFileStore, surplus } from './file-store.ts'

test('the newest copies stay, and what is still to be sent stays whatever happens', () => {
  const note = (id: string, at: number, needed = false) => ({ id, name: id, at, size: 40, needed })
  expect(surplus([note('old', 1), note('unsent', 0, true), note('new', 3), note('newer', 4)], 100)).toEqual(['old'])
})

test('what nobody else has is known by its name until it was sent', async () => {
  let now = 0
  const store = openFileStore('test', 'mem', () => now++)
  for (const [id, needed] of [['b', true], ['copy', false], ['a', true]] as const)
    await store.put(id, new ArrayBuffer(1), { name: `${id}.txt`, needed })
  expect((await store.unsent()).map(({ name }) => name)).toEqual(['b.txt', 'a.txt'])
  await store.release('b')
  await store.release('never heard of')
  expect((await store.unsent()).map(({ name }) => name)).toEqual(['a.txt'])
  expect(await store.get('b')).toEqual(new ArrayBuffer(1))
})
