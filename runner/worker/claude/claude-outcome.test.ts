import type { ClaudeRun } from './claude-outcome.ts'
import type { ClaudeResult } from './claude-stream.ts'
import { expect, test } from 'vitest'
import { claudeOutcome } from './claude-outcome.ts'

const NOW = 1_000_000
const USAGE = { costUsd: 0.25, inputTokens: 16, outputTokens: 3 }

function result(overrides: Partial<ClaudeResult> = {}): ClaudeResult {
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
    ...overrides,
  }
}

function run(overrides: Partial<ClaudeRun>): ClaudeRun {
  return { phase: 'work', result: result(), limit: null, ending: 'exit code 0', budgetUsd: 1, now: NOW, ...overrides }
}

const apiError = (status: number) => result({ is_error: true, api_error_status: status, result: 'a message' })

test.each<[string, Partial<ClaudeRun>, object]>([
  ['a success is worked', {}, { outcome: 'worked', summary: 'Done.', usage: USAGE }],
  [
    'a denied tool is named in the summary',
    { result: result({ permission_denials: [{ tool_name: 'X' }, { tool_name: 'X' }] }) },
    { summary: 'Done.\n\n(It was not allowed to use X.)' },
  ],
  [
    'a plan is planned',
    { phase: 'plan', result: result({ structured_output: { plan: 'P', questions: [] } }) },
    { outcome: 'planned', plan: 'P', questions: [], usage: USAGE },
  ],
  [
    'questions get ids',
    { phase: 'plan', result: result({ structured_output: { plan: 'P', questions: [{ text: 'Q?' }] } }) },
    { questions: [{ id: 'q1', text: 'Q?', options: [] }] },
  ],
  ['a plan without its structure is a failure', { phase: 'plan' }, { outcome: 'failed', kind: 'agent', reason: expect.stringContaining('Done.') }],
  ['a run without a result crashed', { result: null, ending: 'SIGKILL' }, { outcome: 'failed', kind: 'crashed', reason: expect.stringContaining('SIGKILL') }],
  [
    'a spent budget is a failure',
    { result: result({ subtype: 'error_max_budget_usd', is_error: true }) },
    { kind: 'budget', reason: expect.stringContaining('$1.00'), usage: USAGE },
  ],
  ['status 401 is a credential failure', { result: apiError(401) }, { kind: 'credential', reason: expect.stringContaining('ANTHROPIC_API_KEY') }],
  ['status 429 is a limit', { result: apiError(429) }, { outcome: 'limited', until: NOW + 300_000 }],
  ['status 529 is a failure of the agent', { result: apiError(529) }, { kind: 'agent', reason: expect.stringContaining('529') }],
  [
    'an error during execution is a failure of the agent',
    { result: result({ is_error: true, subtype: 'error_during_execution', result: undefined, errors: ['a', 'b'] }) },
    { kind: 'agent', reason: expect.stringContaining('a; b') },
  ],
  [
    'a usage limit lasts until its reset',
    { result: apiError(429), limit: { status: 'rejected', resetsAt: 2000, rateLimitType: 'five_hour' } },
    { outcome: 'limited', until: 2_000_000, why: expect.stringContaining('five-hour') },
  ],
  ['a usage limit without a reset lasts five minutes', { result: null, limit: { status: 'rejected' } }, { outcome: 'limited', until: NOW + 300_000 }],
  ['a usage limit before a success does not count', { limit: { status: 'rejected', resetsAt: 2000 } }, { outcome: 'worked' }],
])('%s', (_, overrides, outcome) => {
  expect(claudeOutcome(run(overrides))).toMatchObject(outcome)
})
