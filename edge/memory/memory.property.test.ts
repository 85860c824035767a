import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addNote } from '#shared/mutators/add-note.ts'
import { buildRequest } from '../conversation/build-request.ts'
import { withStore } from '../testing/harness.ts'
import { countTokens } from '../text/count-tokens.ts'
import { CONTEXT_TOKENS, ROUNDS_TOKENS } from '../text/token-budgets.ts'
import { newestSequence } from '../thread/read-messages.ts'
import { compact } from './compaction.ts'
import { readFrontier, readSummarizedThrough } from './spans.ts'
import { addMessages, keeping, summariserOf } from './testing/memory-fixtures.ts'

/** Messages arrive in this many bursts, with a compaction that may fail after each. */
const BURSTS = 8

test('over random conversations with failing summaries, every message is in one span or live, and every request keeps to its budget', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(10, 500, 5_000, 20_000),
      fc.array(
        fc.record({
          length: fc.oneof({ weight: 9, arbitrary: fc.nat(600) }, { weight: 1, arbitrary: fc.nat(60_000) }),
          script: fc.constantFrom('word ', '漢', '🙂'),
        }),
        { minLength: 7, maxLength: 31 },
      ),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 17 }),
      async (total, kinds, fails) =>
        withStore(async (store) => {
          await store.commit(tx => addNote(tx, { id: 'n1', text: 'x'.repeat(1_000) }))
          const summariser = summariserOf(() =>
            fails[summariser.requests.length % fails.length]
              ? { stop: 'aborted' }
              : keeping({ facts: Array.from({ length: 30 }, (_, n) => `${n}`.repeat(100)) }),
          )
          for (let burst = 0; burst < BURSTS; burst++) {
            await addMessages(
              store,
              Array.from({ length: Math.ceil(total / BURSTS) }, (_, n) => text(kinds[n % kinds.length], total)),
            )
            // Some fail; the state they leave is checked below.
            await Promise.allSettled([compact({ store, summariser, now: () => 0 })])

            let next = 1
            for (const { from, through } of readFrontier(store.sql)) {
              expect(from).toBe(next)
              next = through + 1
            }
            expect(readSummarizedThrough(store.sql)).toBe(next - 1)
            const { system, messages, tools } = buildRequest(
              store.sql,
              { id: 't', answersThrough: newestSequence(store.sql), tries: 0, steps: [], reply: null, waits: 0 },
              0,
            )
            expect(
              countTokens(system.join(''))
              + countTokens(JSON.stringify(tools))
              + messages.reduce((sum, { content }) => sum + content.reduce((sum, block) => sum + (block.kind === 'text' ? countTokens(block.text) : 0), 0), 0),
            ).toBeLessThanOrEqual(CONTEXT_TOKENS)
          }
        }),
    ),
    { numRuns: 8, endOnFailure: true },
  )
})

test('with random attachments every message after the summaries is in the request, which keeps to its budget', async () => {
  const text = fc.record({
    tokens: fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(8_000) }),
    script: fc.constantFrom('abc', '漢'),
  })
  const burst = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 50 }),
    pictures: fc.nat(10),
    edge: fc.constantFrom(100, 1_568),
    name: fc.constantFrom('a.png', '漢'.repeat(200)),
  })
  const asked = fc.record({ tokens: fc.nat(40_000), script: fc.constantFrom('abc', '漢') })
  await fc.assert(fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 8 }), burst, asked, async (bursts, last, question) => withStore(async (store) => {
    const summariser = summariserOf(() => keeping({ facts: Array.from({ length: 30 }, (_, n) => `${n}`.repeat(100)) }))
    const add = ({ texts, pictures, edge, name }: typeof last) =>
      addMessages(
        store,
        // The marker is at the end, which a cut message keeps.
        texts.map(({ tokens, script }, n) => `${script.repeat(tokens)}<${newestSequence(store.sql) + n + 1}>`),
        Array.from({ length: pictures }, (_, n) => ({
          state: 'here',
          file: { kind: 'image', id: `${n}`.padStart(64, '0'), name, mime: 'image/png', size: 1_000, width: edge, height: edge },
        })),
      )
    for (const burst of bursts) {
      await add(burst)
      await compact({ store, summariser, now: () => 0 })
    }
    await add({ ...last, texts: [question] })

    const newest = newestSequence(store.sql)
    const { system, messages, tools } = buildRequest(store.sql, { id: 't', answersThrough: newest, tries: 0, steps: [], reply: null, waits: 0 }, 0)
    const found = messages.flatMap(({ content }) =>
      content.flatMap(block => (block.kind === 'text' ? [...block.text.matchAll(/<(\d+)>/g)].map(([, n]) => Number(n)) : [])),
    )
    const live = Array.from({ length: newest - readSummarizedThrough(store.sql) }, (_, n) => newest - n)
    expect(found.toSorted((a, b) => b - a)).toEqual(live)
    const spent = messages
      .flatMap(({ content }) => content.map(block => (block.kind === 'text' ? countTokens(block.text) : block.kind === 'file' ? block.tokens : 0)))
      .reduce((sum, tokens) => sum + tokens, 0)
    expect(countTokens(system.join('')) + countTokens(JSON.stringify(tools)) + spent).toBeLessThanOrEqual(CONTEXT_TOKENS - ROUNDS_TOKENS)
  })), { numRuns: 15, endOnFailure: true })
})

/** Long messages only where there are few, so that a run stays within seconds. */
function text(kind: { length: number, script: string } | undefined, total: number): string {
  const { length, script } = kind ?? { length: 1, script: 'x' }
  return script.repeat(Math.max(1, Math.min(length, Math.ceil(2_000_000 / total / script.length))))
}
