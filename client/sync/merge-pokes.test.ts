import type { Merged, Poke } from './merge-pokes.ts'
import { expect, test } from 'vitest'
import { mergePokes } from './merge-pokes.ts'

function poke(from: number, to: number, floor = 1): Poke {
  return {
    baseCookie: { order: from, floor },
    pull: {
      cookie: { order: to, floor },
      lastMutationIDChanges: { [`client${to}`]: to, client: to },
      patch: [{ op: 'put', key: `row${to}`, value: to }],
    },
  }
}

test.each<[string, Poke[], string]>([
  ['no waiting pokes give nothing', [], ''],
  ['an old poke is skipped', [poke(3, 4)], ''],
  ['a repeated poke is skipped', [poke(4, 5)], ''],
  ['the next poke applies', [poke(5, 6)], '5→6'],
  ['a chain becomes one poke', [poke(5, 6), poke(6, 8), poke(8, 9)], '5→9'],
  ['old pokes before a chain are skipped', [poke(4, 5), poke(5, 6)], '5→6'],
  ['a duplicate inside a chain is skipped', [poke(5, 6), poke(5, 6), poke(6, 7)], '5→7'],
  ['a poke with an older base and a newer version applies', [poke(4, 6)], '5→6'],
  ['a poke with a newer base is a gap', [poke(6, 7)], 'gap'],
  ['a hole in a chain is a gap', [poke(5, 6), poke(7, 8)], '5→6 gap'],
  ['a later answer fills a hole', [poke(7, 8), poke(5, 8)], '5→8'],
  ['a poke for another depth is a gap', [poke(5, 6, 40)], 'gap'],
  ['a poke that clears all rows always applies', [clearing(9, 40)], '5→9'],
])('%s', (_, waiting, outcome) => {
  expect(describe(mergePokes({ order: 5, floor: 1 }, waiting))).toBe(outcome)
})

test.each<[string, Poke[], string]>([
  ['takes its first answer', [clearing(6)], 'null→6'],
  ['takes the poke after its first answer', [clearing(6), poke(6, 7)], 'null→7'],
  ['cannot apply a poke before its first answer', [poke(5, 6)], 'gap'],
])('a new device %s', (_, waiting, outcome) => {
  expect(describe(mergePokes(null, waiting))).toBe(outcome)
})

test('a merged poke keeps every change in order and the newest mutation of each client', () => {
  expect(mergePokes({ order: 5, floor: 1 }, [poke(5, 6), poke(6, 7)]).poke?.pull).toEqual({
    cookie: { order: 7, floor: 1 },
    lastMutationIDChanges: { client6: 6, client7: 7, client: 7 },
    patch: [{ op: 'put', key: 'row6', value: 6 }, { op: 'put', key: 'row7', value: 7 }],
  })
})

/** The answer to a device without rows, or with rows that it must drop. */
function clearing(to: number, floor = 1): Poke {
  const pull: Poke['pull'] = { cookie: { order: to, floor }, lastMutationIDChanges: {}, patch: [{ op: 'clear' }] }
  return { baseCookie: null, pull }
}

function describe({ poke, left }: Merged): string {
  return [poke && `${poke.baseCookie?.order ?? null}→${poke.pull.cookie.order}`, left.length > 0 && 'gap'].filter(Boolean).join(' ')
}
