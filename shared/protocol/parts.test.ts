import type { Part } from './parts.ts'
import { expect, test } from 'vitest'
import { must } from '../lib/must.ts'
import { MAX_FRAME_BYTES } from '../model/limits.ts'
import { createPartsJoiner, toParts } from './parts.ts'

const LIMIT = 4_000_000

test.each([
  ['plain', 'a'.repeat(MAX_FRAME_BYTES)],
  ['three bytes a character', '€'.repeat(MAX_FRAME_BYTES)],
  ['six bytes a character', '\u0001'.repeat(MAX_FRAME_BYTES)],
  ['surrogate pairs', `a${'🙂'.repeat(MAX_FRAME_BYTES)}`],
])('a large frame of %s is split into parts that fit and joined unchanged', (_, text) => {
  const parts = toParts(text, 1)
  expect(parts.length).toBeGreaterThan(1)
  expect(Math.max(...parts.map(part => new TextEncoder().encode(part).byteLength))).toBeLessThanOrEqual(MAX_FRAME_BYTES)
  const join = createPartsJoiner(LIMIT)
  const outcomes = parts.map(part => join(JSON.parse(part) as Part))
  expect(outcomes.slice(0, -1).every(({ kind }) => kind === 'more')).toBe(true)
  expect(outcomes.at(-1)).toEqual({ kind: 'whole', text })
})

test('a small frame is not split', () => {
  expect(toParts('{"type":"changed"}', 1)).toEqual(['{"type":"changed"}'])
})

test.each([
  ['a missing one', [0, 2], 'broken'],
  ['one twice', [0, 1, 1], 'broken'],
  ['a beginning that was lost', [1], 'broken'],
  ['a beginning sent again', [0, 1, 0, 1, 2], 'whole'],
] as const)('parts with %s are %s', (_, order, outcome) => {
  const parts = toParts('a'.repeat(110_000), 1).map(part => JSON.parse(part) as Part)
  const join = createPartsJoiner(LIMIT)
  expect(order.map(n => join(must(parts[n], 'a part'))).at(-1)?.kind).toBe(outcome)
})

test('parts of another frame do not complete this one', () => {
  const join = createPartsJoiner(LIMIT)
  join({ frame: 1, n: 0, last: false, text: 'a' })
  expect(join({ frame: 2, n: 1, last: true, text: 'b' })).toEqual({ kind: 'broken' })
})

test('a frame above the limit is dropped', () => {
  const join = createPartsJoiner(3)
  join({ frame: 1, n: 0, last: false, text: 'ab' })
  expect(join({ frame: 1, n: 1, last: false, text: 'cd' })).toEqual({ kind: 'too-large' })
  expect(join({ frame: 1, n: 2, last: true, text: '' })).toEqual({ kind: 'broken' })
})
