import type { Round } from './fit-rounds.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countTokens } from '../text/count-tokens.ts'
import { fitRounds } from './fit-rounds.ts'

test('rounds that fit are unchanged', () => {
  const round = buildRound({ results: ['three tasks'] })
  expect(fitRounds([round])).toEqual([{ role: 'assistant', content: round.content }, { role: 'user', content: round.results }])
})

test('a result that is too long keeps its beginning and its end', () => {
  const [, answered] = fitRounds([buildRound({ results: [`first ${'x'.repeat(500_000)} last`] })])
  expect(JSON.stringify(answered)).toMatch(/first x.*characters are left out here.*x last/)
})

test('earlier rounds are squeezed, the newest stays whole', () => {
  const rounds = Array.from({ length: 3 }, (_, n) => buildRound({ results: [`${n} ${'x'.repeat(9_000)}`] }))
  const texts = fitRounds(rounds, 7_500).filter(({ role }) => role === 'user').map(({ content }) => JSON.stringify(content).length > 9_000)
  expect(texts).toEqual([false, true, true])
})

test('random rounds keep to the budget, alternate, end with the newest, and every call has its result', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          results: fc.array(
            fc.nat(60_000).map(length => '語'.repeat(length)),
            { minLength: 1, maxLength: 20 },
          ),
          text: fc.nat(20_000),
          input: fc.nat(5_000),
          opaque: fc.boolean(),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      (rounds) => {
        const messages = fitRounds(
          rounds.map(({ results, text, input, opaque }) => buildRound({ results, text: 'x'.repeat(text), input: 'y'.repeat(input), opaque })),
        )
        expect(messages.reduce((sum, { content }) => sum + countTokens(JSON.stringify(content)), 0)).toBeLessThanOrEqual(32_000)
        expect(messages.map(({ role }) => role)).toEqual(messages.map((_, n) => (n % 2 === 0 ? 'assistant' : 'user')))
        expect(messages.length).toBeGreaterThanOrEqual(2)
        for (let n = 0; n < messages.length; n += 2) {
          const calls = messages[n]?.content.flatMap(block => (block.kind === 'tool-call' ? [block.id] : []))
          expect(messages[n + 1]?.content.flatMap(block => (block.kind === 'tool-result' ? [block.id] : []))).toEqual(calls)
        }
      },
    ),
    { numRuns: 40 },
  )
})

function buildRound({ results, text = '', input = '', opaque = false }: { results: string[], text?: string, input?: string, opaque?: boolean }): Round {
  return {
    content: [
      ...text === '' ? [] : [{ kind: 'text' as const, text }],
      ...opaque ? [{ kind: 'opaque' as const, value: { thinking: text } }] : [],
      ...results.map((_, n) => ({ kind: 'tool-call' as const, id: `call_${n}`, name: 'list_tasks', input: { input } })),
    ],
    results: results.map((text, n) => ({ kind: 'tool-result' as const, id: `call_${n}`, text, isError: false })),
  }
}
