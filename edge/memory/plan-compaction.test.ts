import type { CompactionLimits } from './limits.ts'
import type { FrontierSpan, LiveMessage } from './plan-compaction.ts'
import { expect, test } from 'vitest'
import { planCompaction } from './plan-compaction.ts'

const limits: CompactionLimits = {
  aboveMessages: 10,
  aboveTokens: 1_000,
  keepMessages: 4,
  keepTokens: 300,
  spanMessages: 5,
  spanTokens: 600,
  minMessages: 3,
  fanIn: 3,
  summariesTokens: 500,
}

test.each<[string, FrontierSpan[], LiveMessage[], object]>([
  ['nothing to do for a short conversation', [], live(10), { do: 'rest' }],
  ['too many messages: the oldest become a span', [], live(11), { do: 'summarise', from: 1, through: 5 }],
  ['a span begins where the last one ended', [span(1, 1, 20)], live(11, { from: 22 }), { do: 'summarise', from: 21, through: 26 }],
  [
    'too many tokens: the newest stay, few as they are',
    [],
    [...live(5, { tokens: 100 }), ...live(2, { from: 6, tokens: 300 })],
    { do: 'summarise', from: 1, through: 5 },
  ],
  ['summaries take their room from the live window', [span(2, 1, 20, 450)], live(6, { from: 21, tokens: 100 }), { do: 'summarise', from: 21, through: 23 }],
  ['one huge message is a span of its own', [], live(3, { tokens: 900 }), { do: 'summarise', from: 1, through: 1 }],
  ['a few short messages before a huge one can wait', [], [...live(2, { tokens: 10 }), ...live(1, { from: 3, tokens: 2_000 })], { do: 'rest' }],
  ['messages without an answer stay', [], live(11).map(message => ({ ...message, complete: message.sequence <= 3 })), { do: 'summarise', from: 1, through: 3 }],
  ['nothing is answered yet', [], live(30).map(message => ({ ...message, complete: false })), { do: 'rest' }],
  [
    'enough spans of one level fold, the oldest of them',
    [span(2, 1, 30), span(1, 31, 40), span(1, 41, 50), span(1, 51, 60)],
    [],
    { do: 'fold', level: 2, spans: [31, 41, 51] },
  ],
  ['a fold comes before a span', [span(1, 1, 10), span(1, 11, 20), span(1, 21, 30)], live(30, { from: 31 }), { do: 'fold', level: 2, spans: [1, 11, 21] }],
  [
    'summaries that take too much fold from the oldest on',
    [span(3, 1, 90, 300), span(2, 91, 120, 150), span(1, 121, 130, 100)],
    [],
    { do: 'fold', level: 3, spans: [1, 91] },
  ],
  ['neighbours of one level rise', [span(3, 1, 90, 300), span(3, 91, 180, 250)], [], { do: 'fold', level: 4, spans: [1, 91] }],
  ['one summary cannot fold', [span(3, 1, 90, 900)], [], { do: 'rest' }],
])('%s', (_, frontier, messages, expected) => {
  const planned = planCompaction(frontier, messages, limits)
  expect(planned.do === 'fold' ? { ...planned, spans: planned.spans.map(({ from }) => from) } : planned).toEqual(expected)
})

function span(level: number, from: number, through: number, tokens = 10): FrontierSpan {
  return { level, from, through, tokens }
}

function live(count: number, { from = 1, tokens = 10 } = {}): LiveMessage[] {
  return Array.from({ length: count }, (_, n) => ({ sequence: from + n, tokens, complete: true }))
}
