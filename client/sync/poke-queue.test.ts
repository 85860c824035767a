import type { Poke } from './merge-pokes.ts'
import { expect, test } from 'vitest'
import { createPokeQueue } from './poke-queue.ts'

function poke(from: number | null, to: number): Poke {
  const baseCookie = from === null ? null : { order: from, floor: 1 }
  return { baseCookie, pull: { cookie: { order: to, floor: 1 }, lastMutationIDChanges: {}, patch: [] } }
}

/** A device that applies a poke only at its base, and only when the test lets it finish. */
function device(order: number | null) {
  const calls: string[] = []
  const open: (() => void)[] = []
  const stored = { order }
  const queue = createPokeQueue({
    apply: ({ baseCookie, pull }) => new Promise((resolve, reject) => {
      calls.push(`${baseCookie?.order ?? null}→${pull.cookie.order}`)
      open.push(() => {
        if ((baseCookie?.order ?? null) !== stored.order)
          return reject(new Error('unexpected base cookie'))
        stored.order = pull.cookie.order
        resolve()
      })
    }),
    pull: () => void calls.push('pull'),
    sleep: async ms => void calls.push(`wait ${ms}`),
  })
  return { calls, stored, queue, finishAll }

  async function finishAll() {
    for (let turn = 0; turn < 50; turn += 1) {
      await Promise.resolve()
      open.shift()?.()
    }
  }
}

/** A device whose first pull was answered. */
async function ready(order: number) {
  const d = device(null)
  d.queue.pulled(poke(null, order))
  await d.finishAll()
  d.calls.length = 0
  return d
}

test('pokes are applied one at a time, and those that arrive meanwhile as one', async () => {
  const d = await ready(1)
  d.queue.add(poke(1, 2))
  await Promise.resolve()
  d.queue.add(poke(2, 3))
  d.queue.add(poke(3, 4))
  await Promise.resolve()
  expect(d.calls).toEqual(['1→2'])
  await d.finishAll()
  expect(d.calls).toEqual(['1→2', '2→4'])
})

test('a poke that arrives during a pull takes nothing from its answer', async () => {
  const d = await ready(1)
  d.queue.add(poke(1, 2))
  await d.finishAll()
  d.queue.pulled(poke(1, 3))
  d.queue.add(poke(3, 4))
  await d.finishAll()
  expect([d.stored.order, d.calls]).toEqual([4, ['1→2', '2→3', '3→4']])
})

test('an answer without changes is not applied', async () => {
  const d = await ready(3)
  d.queue.pulled(poke(2, 3))
  await d.finishAll()
  expect(d.calls).toEqual([])
})

test.each([
  ['a gap', ready(1), poke(2, 3)],
  ['a device that has not pulled yet', device(null), poke(1, 2)],
])('%s causes one pull', async (_, made, next) => {
  const d = await made
  d.queue.add(next)
  await d.finishAll()
  d.queue.add(poke(8, 9))
  await d.finishAll()
  expect(d.calls).toEqual(['pull'])
})

test('a poke that overtakes the answer it builds on is applied after it', async () => {
  const d = await ready(1)
  d.queue.add(poke(7, 8))
  await d.finishAll()
  d.queue.add(poke(3, 4))
  d.queue.pulled(poke(1, 3))
  await d.finishAll()
  expect([d.stored.order, d.calls]).toEqual([4, ['pull', '1→3', '3→4', 'pull']])
})

test('a device that another tab moved pulls from its stored cookie and goes on from there', async () => {
  const d = await ready(1)
  d.stored.order = 5
  d.queue.add(poke(1, 2))
  await d.finishAll()
  d.queue.add(poke(5, 6))
  d.queue.pulled(poke(5, 6))
  d.queue.add(poke(6, 7))
  await d.finishAll()
  expect([d.stored.order, d.calls]).toEqual([7, ['1→2', 'pull', '5→6', '6→7']])
})

test('pokes that fail repeatedly are pulled with a growing delay', async () => {
  const d = await ready(1)
  d.stored.order = 5
  d.queue.add(poke(1, 2))
  await d.finishAll()
  for (const to of [3, 4]) {
    d.queue.pulled(poke(2, to))
    await d.finishAll()
  }
  expect(d.calls).toEqual(['1→2', 'pull', '2→3', 'wait 200', 'pull', '2→4', 'wait 300', 'pull'])
})
