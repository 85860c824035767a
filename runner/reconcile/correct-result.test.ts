import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Stop } from '../gateway/ledger.ts'
import { expect, test } from 'vitest'
import { correctResult } from './correct-result.ts'

const usage = { costUsd: 1, inputTokens: 10, outputTokens: 5 }
const more = { costUsd: 2, inputTokens: 20, outputTokens: 10 }
const BUDGET: Stop = { kind: 'budget', why: 'It is used up.' }
const DAY: Stop = { kind: 'day', why: 'Enough for today.', until: 1000 }

const FAILED: AttemptResult = { outcome: 'failed', kind: 'agent', reason: 'Claude Code stopped.', usage }
const DEADLINE: AttemptResult = { outcome: 'failed', kind: 'deadline', reason: 'It took too long.', usage }
const LIMITED: AttemptResult = { outcome: 'limited', until: 5, why: 'For now.', usage }
const DONE: AttemptResult = { outcome: 'unchanged', summary: 'Nothing to do.', usage }

test.each<[string, AttemptResult, Parameters<typeof correctResult>[1], AttemptResult]>([
  ['a result that the gateway knows nothing about stays', FAILED, { spent: null, refusal: null }, FAILED],
  ['the gateway\'s usage counts when it is higher', DONE, { spent: more, refusal: null }, { ...DONE, usage: more }],
  ['the worker\'s usage counts when it is higher', { ...DONE, usage: more }, { spent: usage, refusal: null }, { ...DONE, usage: more }],
  [
    'a failure after the budget was used up names the budget',
    FAILED,
    { spent: more, refusal: BUDGET },
    { outcome: 'failed', kind: 'budget', reason: 'It is used up.', usage: more },
  ],
  [
    'a failure after the day\'s budget was used up pauses the task',
    FAILED,
    { spent: usage, refusal: DAY },
    { outcome: 'limited', until: 1000, why: 'Enough for today.', usage },
  ],
  [
    'a worker that was refused until its deadline pauses the task',
    DEADLINE,
    { spent: usage, refusal: DAY },
    { outcome: 'limited', until: 1000, why: 'Enough for today.', usage },
  ],
  ['a pause ends when the gateway says', LIMITED, { spent: usage, refusal: DAY }, { outcome: 'limited', until: 1000, why: 'Enough for today.', usage }],
  ['finished work stays finished after a refusal', DONE, { spent: usage, refusal: BUDGET }, DONE],
])('%s', (_, result, ledger, resolved) => {
  expect(correctResult(result, ledger)).toEqual(resolved)
})
