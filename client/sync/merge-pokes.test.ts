import type { Merged, Poke } from './merge-pokes.ts'
import { expect, test } from 'vitest'
import { mergePokes } from './merge-pokes.ts'

function poke(from: number, to: number, floor = 1): Poke {
  return {
    baseCookie: { order: from, floor },
    pull: { cookie: { order: to, floor }, lastMutationIDChanges: { [`client${to}`]: to, client: to }, patch: [{ op: 'put', key: `row${to}`, value: to }] },
  }
}

test.each<[string, Poke[], string]>([
  ['nothing waits', [], ''],
  ['an old poke is skipped', [poke(3, 4)], ''],
  ['a repeated poke is skipped', [poke(4, 5)], ''],
  ['the next one applies', [poke(5, 6)], '5→6'],
  ['a chain becomes one', [poke(5, 6), poke(6, 8), poke(8, 9)], '5→9'],
  ['old ones before a chain are skipped', [poke(4, 5), poke(5, 6)], '5→6'],
  ['a duplicate inside a chain is skipped', [poke(5, 6), poke(5, 6), poke(6, 7)], '5→7'],
  ['one that builds on less and brings more applies here', [poke(4, 6)], '5→6'],
  ['one that builds on more than we have', [poke(6, 7)], 'gap'],
  ['a hole inside a chain', [poke(5, 6), poke(7, 8)], '5→6 gap'],
  ['a hole that a later answer fills', [poke(7, 8), poke(5, 8)], '5→8'],
  ['one for another window of messages', [poke(5, 6, 40)], 'gap'],
  ['one that begins anew fits everywhere', [anew(9, 40)], '5→9'],
])('%s', (_, waiting, outcome) => {
  expect(words(mergePokes({ order: 5, floor: 1 }, waiting))).toBe(outcome)
})

test.each<[string, Poke[], string]>([
  ['its first answer', [anew(6)], 'null→6'],
  ['and what follows it', [anew(6), poke(6, 7)], 'null→7'],
  ['a poke before its first answer', [poke(5, 6)], 'gap'],
])('a new device: %s', (_, waiting, outcome) => {
  expect(words(mergePokes(null, waiting))).toBe(outcome)
})

test('a merged poke keeps every change in order and the newest mutation of each client', () => {
  expect(mergePokes({ order: 5, floor: 1 }, [poke(5, 6), poke(6, 7)]).poke?.pull).toEqual({
    cookie: { order: 7, floor: 1 },
    lastMutationIDChanges: { client6: 6, client7: 7, client: 7 },
    patch: [{ op: 'put', key: 'row6', value: 6 }, { op: 'put', key: 'row7', value: 7 }],
  })
})

/** The answer to a device that has nothing, or nothing that is worth keeping. */
function anew(to: number, floor = 1): Poke {
  return { baseCookie: null, pull: { cookie: { order: to, floor }, lastMutationIDChanges: {}, patch: [{ op: 'clear' }] } }
}

function words({ poke, left }: Merged): string {
  return [poke && `${poke.baseCookie?.order ?? null}→${poke.pull.cookie.order}`, left.length > 0 && 'gap'].filter(Boolean).join(' ')
}
