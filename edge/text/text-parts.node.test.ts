import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'
import { countTokens } from './count-tokens.ts'
import { partAt, partStarts, readPart } from './text-parts.ts'
import { PART_TOKENS, RESULT_TOKENS } from './token-budgets.ts'

test('a short text is one part, an empty one too', () => {
  expect([readPart('', 1), readPart('Hello', 1), readPart('Hello', 2)]).toEqual(['', 'Hello', undefined])
})

test('the parts of a random text make the text, fit into a result, split no character, and have every position', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('word ', '漢', '🙂', 'é'), fc.nat(12_000)), { minLength: 1, maxLength: 4 }), fc.nat(), (runs, chance) => {
      const text = runs
        .map(([unit, times]) => unit.repeat(times))
        .join('')
        .slice(0, MAX_MESSAGE_LENGTH)
        .toWellFormed()
      const parts = partStarts(text).map((_, n) => readPart(text, n + 1) ?? '')
      expect(parts.join('') === text).toBe(true)
      for (const part of parts) {
        expect(countTokens(part)).toBeLessThanOrEqual(PART_TOKENS)
        expect(part.isWellFormed()).toBe(true)
      }
      const at = chance % Math.max(1, text.length)
      expect(parts.slice(0, partAt(text, at)).join('').length).toBeGreaterThanOrEqual(Math.min(text.length, at))
    }),
    {
      numRuns: 30,
      examples: [[[['word ', 11_283], ['é', 1195]], 0]],
    },
  )
})

test('three parts in one round fit whole', () => {
  expect(3 * PART_TOKENS).toBeLessThan(2 * RESULT_TOKENS)
})
