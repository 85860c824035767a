import type { Mutation } from '#shared/protocol/replicache.ts'
import { expect, test } from 'vitest'
import { pushBatches } from './push-batches.ts'

function mutations(...lengths: number[]): Mutation[] {
  return lengths.map((length, n) => (
    { clientID: 'c', id: n + 1, name: 'sendMessage', args: 'a'.repeat(length), timestamp: 0 }
  ))
}

test.each<[name: string, lengths: number[], sizes: number[]]>([
  ['no mutations make no batch', [], []],
  ['a few mutations go in one batch', [10, 10, 10], [3]],
  ['many mutations are split', Array.from<number>({ length: 2_500 }).fill(1), [2_000, 500]],
  ['long mutations are split', [150_000, 150_000, 150_000], [2, 1]],
  ['a very long mutation goes alone', [10, 1_500_000, 10], [1, 1, 1]],
])('%s', (_, lengths, sizes) => {
  const batches = pushBatches(mutations(...lengths))
  expect(batches.map(batch => batch.length)).toEqual(sizes)
  expect(batches.flat().map(({ id }) => id)).toEqual(lengths.map((_, n) => n + 1))
})
