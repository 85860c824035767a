import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clampCost, costUsd, MAX_COST_USD, MAX_TIME, MAX_TOKENS, text, time, tokens } from './bounded.ts'
import { attemptResult } from './task-event.ts'

test.each([
  ['a cost of 1.7e308', costUsd, 1.7e308, MAX_COST_USD],
  ['a negative cost', costUsd, -5, 0],
  ['a usual cost', costUsd, 1.25, 1.25],
  ['tokens of 1.7e308', tokens, 1.7e308, MAX_TOKENS],
  ['negative tokens', tokens, -1, 0],
  ['a time of 1e300', time, 1e300, MAX_TIME],
  ['a time before 1970', time, -1e300, 0],
])('%s becomes a number within the bounds', (_, schema, given, bounded) => {
  expect(schema.parse(given)).toBe(bounded)
})

test.each([Number.NaN, Infinity, -Infinity, null, '1'])('%s is no number of an outsider', (given) => {
  expect([costUsd, tokens, time].map(schema => schema.safeParse(given).success)).toEqual([false, false, false])
})

test('whatever a sum of ours is, it has a bound', () => {
  expect([Number.NaN, Infinity, -Infinity].map(clampCost)).toEqual([0, MAX_COST_USD, 0])
})

test('any bounded time can be shown as a date', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), at => new Date(time.parse(at)).toISOString() !== ''))
})

test('text is well-formed and keeps its length, whatever UTF-16 it was', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xFFFF })).map(codes => String.fromCharCode(...codes))
  fc.assert(fc.property(units, (given) => {
    const read = text().parse(given)
    return read.isWellFormed() && read.length === given.length && (read === given || !given.isWellFormed())
  }))
  expect(text(3).safeParse('abcd').success).toBe(false)
})

test('a limit until 1e300 and absurd usage are read as the bounds', () => {
  const usage = { costUsd: 1.7e308, inputTokens: 1.7e308, outputTokens: -1 }
  expect(attemptResult.parse({ outcome: 'limited', until: 1e300, why: 'half \uD83D', usage })).toEqual({
    outcome: 'limited',
    until: MAX_TIME,
    why: 'half \uFFFD',
    usage: { costUsd: MAX_COST_USD, inputTokens: MAX_TOKENS, outputTokens: 0 },
  })
})
