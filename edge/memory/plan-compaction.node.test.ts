import type { CompactionLimits } from './limits.ts'
import type { FrontierSpan, LiveMessage } from './plan-compaction.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MESSAGE_TOKENS } from '../text/token-budgets.ts'
import { COMPACTION, SUMMARY_TOKENS } from './limits.ts'
import { planCompaction } from './plan-compaction.ts'

/** Compaction reads one message more than makes it due. */
const LOOK = COMPACTION.aboveMessages + 1

test('with random messages and failures spans and live window cover every message once, levels never rise, and summaries stay bounded', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 400 }), fc.integer(), (total, burst, seed) => {
    const chance = prand(seed)
    let frontier: FrontierSpan[] = []
    let live: LiveMessage[] = []
    let sequence = 0
    while (sequence < total) {
      for (let n = 0; n < burst && sequence < total; n++)
        live.push({ sequence: ++sequence, tokens: chance() < 0.1 ? Math.floor(chance() * MESSAGE_TOKENS) : Math.floor(chance() * 400), complete: true })
      for (let tries = 0; tries < 30; tries++) {
        const step = planCompaction(frontier, live.slice(0, LOOK))
        if (step.do === 'rest')
          break
        // A failed try changes nothing, so the next one starts from the same.
        if (chance() < 0.5)
          continue
        frontier = applied(frontier, step, Math.ceil(chance() * SUMMARY_TOKENS))
        const through = frontier.at(-1)?.through ?? 0
        live = live.filter(message => message.sequence > through)
        wellFormed(frontier, live, sequence)
      }
    }
  }), { numRuns: 100 })
})

test('without new messages it catches up and then rests within its bounds', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 20_000 }), fc.array(fc.nat(2_000), { minLength: 1, maxLength: 50 }), (total, sizes) => {
    let frontier: FrontierSpan[] = []
    let live = Array.from({ length: total }, (_, n): LiveMessage => ({ sequence: n + 1, tokens: sizes[n % sizes.length] ?? 0, complete: true }))
    let steps = 0
    for (let step = planCompaction(frontier, live.slice(0, LOOK)); step.do !== 'rest'; step = planCompaction(frontier, live.slice(0, LOOK))) {
      frontier = applied(frontier, step, SUMMARY_TOKENS)
      const through = must(frontier.at(-1), 'a span').through
      live = live.slice(live.findIndex(({ sequence }) => sequence > through))
      steps++
    }
    wellFormed(frontier, live, total)
    expect(live.length).toBeLessThanOrEqual(COMPACTION.aboveMessages)
    expect(tokensOf(frontier)).toBeLessThanOrEqual(COMPACTION.summariesTokens)
    // One span for at least eight messages, or for half a span of tokens; and fewer folds than spans.
    expect(steps).toBeLessThanOrEqual(
      2
      * (total / COMPACTION.minMessages
        + tokensOf(Array.from({ length: total }, (_, n) => ({ tokens: sizes[n % sizes.length] ?? 0 }))) / (COMPACTION.spanTokens / 2))
      + 2,
    )
  }), { numRuns: 50 })
})

function applied(frontier: readonly FrontierSpan[], step: Exclude<ReturnType<typeof planCompaction>, { do: 'rest' }>, tokens: number): FrontierSpan[] {
  if (step.do === 'summarise')
    return [...frontier, { level: 1, from: step.from, through: step.through, tokens }]
  const [first, last] = [must(step.spans.at(0), 'a span'), must(step.spans.at(-1), 'a span')]
  const folded = { level: step.level, from: first.from, through: last.through, tokens }
  return [...frontier.filter(span => span.through < folded.from), folded, ...frontier.filter(span => span.from > folded.through)]
}

function wellFormed(
  frontier: readonly FrontierSpan[],
  live: readonly LiveMessage[],
  newest: number,
  { fanIn, summariesTokens }: CompactionLimits = COMPACTION,
) {
  let next = 1
  let level = Infinity
  for (const span of frontier) {
    expect(span.from).toBe(next)
    expect(span.through).toBeGreaterThanOrEqual(span.from)
    expect(span.level).toBeLessThanOrEqual(level)
    next = span.through + 1
    level = span.level
  }
  // The first, the last and the count show that no sequence number is missing.
  expect([live.at(0)?.sequence ?? next, live.at(-1)?.sequence ?? newest, live.length]).toEqual([next, newest, newest - next + 1])
  for (const span of frontier) expect(frontier.filter(other => other.level === span.level).length).toBeLessThanOrEqual(fanIn)
  // At most one summary more than fits, until the next step folds.
  expect(tokensOf(frontier)).toBeLessThanOrEqual(summariesTokens + SUMMARY_TOKENS)
}

function tokensOf(of: readonly { tokens: number }[]): number {
  return of.reduce((sum, { tokens }) => sum + tokens, 0)
}

/** Repeatable pseudo-random numbers in [0, 1). */
function prand(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
