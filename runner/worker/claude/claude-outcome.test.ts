import type { ClaudeRun } from './claude-outcome.ts'
import type { ClaudeResult } from './claude-stream.ts'
import { expect, test } from 'vitest'
import { claudeOutcome } from './claude-outcome.ts'

const NOW = 1_000_000
const USAGE = { costUsd: 0.25, inputTokens: 16, outputTokens: 3 }

function result(given: Partial<ClaudeResult> = {}): ClaudeResult {
  return {
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: 'Done.',
    structured_output: undefined,
    permission_denials: [],
    num_turns: 1,
    total_cost_usd: 0.25,
    modelUsage: {
      one: { inputTokens: 1, outputTokens: 1, cacheReadInputTokens: 5, cacheCreationInputTokens: 0 },
      other: { inputTokens: 10, outputTokens: 2, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 },
    },
    ...given,
  }
}

function run(given: Partial<ClaudeRun>): ClaudeRun {
  return { phase: 'work', result: result(), limit: null, ending: 'exit code 0', budgetUsd: 1, now: NOW, ...given }
}

const refused = (status: number) => result({ is_error: true, api_error_status: status, result: 'said why' })

test.each<[string, Partial<ClaudeRun>, object]>([
  ['work that is done', {}, { outcome: 'worked', summary: 'Done.', usage: USAGE }],
  [
    'work with a denied tool',
    { result: result({ permission_denials: [{ tool_name: 'X' }, { tool_name: 'X' }] }) },
    { summary: 'Done.\n\n(It was not allowed to use X.)' },
  ],
  [
    'a plan',
    { phase: 'plan', result: result({ structured_output: { plan: 'P', questions: [] } }) },
    { outcome: 'planned', plan: 'P', questions: [], usage: USAGE },
  ],
  [
    'a plan with a question',
    { phase: 'plan', result: result({ structured_output: { plan: 'P', questions: [{ text: 'Q?' }] } }) },
    { questions: [{ id: 'q1', text: 'Q?', options: [] }] },
  ],
  ['a plan without its form', { phase: 'plan' }, { outcome: 'failed', kind: 'agent', reason: expect.stringContaining('Done.') }],
  ['no result', { result: null, ending: 'SIGKILL' }, { outcome: 'failed', kind: 'crashed', reason: expect.stringContaining('SIGKILL') }],
  [
    'the budget',
    { result: result({ subtype: 'error_max_budget_usd', is_error: true }) },
    { kind: 'budget', reason: expect.stringContaining('$1.00'), usage: USAGE },
  ],
  ['401', { result: refused(401) }, { kind: 'credential', reason: expect.stringContaining('ANTHROPIC_API_KEY') }],
  ['429', { result: refused(429) }, { outcome: 'limited', until: NOW + 300_000 }],
  ['529', { result: refused(529) }, { kind: 'agent', reason: expect.stringContaining('529') }],
  [
    'an error in the middle',
    { result: result({ is_error: true, subtype: 'error_during_execution', result: undefined, errors: ['a', 'b'] }) },
    { kind: 'agent', reason: expect.stringContaining('a; b') },
  ],
  [
    'a usage limit',
    { result: refused(429), limit: { status: 'rejected', resetsAt: 2000, rateLimitType: 'five_hour' } },
    { outcome: 'limited', until: 2_000_000, why: expect.stringContaining('five-hour') },
  ],
  ['a usage limit without a time', { result: null, limit: { status: 'rejected' } }, { outcome: 'limited', until: NOW + 300_000 }],
  ['a usage limit that was overcome', { limit: { status: 'rejected', resetsAt: 2000 } }, { outcome: 'worked' }],
])('%s', (_, given, outcome) => {
  expect(claudeOutcome(run(given))).toMatchObject(outcome)
})
