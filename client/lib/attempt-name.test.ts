import type { AttemptRecord } from '#shared/model/task.ts'
import { expect, test } from 'vitest'
import { attemptName, attemptResult } from './attempt-name.ts'

function record(attempt: number, phase: AttemptRecord['phase'], outcome: string): AttemptRecord {
  const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }
  return { attempt, phase, outcome, cause: null, startedAt: 1, endedAt: 2, summary: null, head: null, usage }
}

test('each attempt has a name and a result, and a fix also its number', () => {
  const history = [
    record(1, 'implement', 'published'),
    record(2, 'fix', 'published'),
    record(3, 'fix', 'failed: The worker disappeared.'),
    record(4, 'fix', 'unchanged'),
    record(5, 'fix', 'limited'),
    record(6, 'feedback', 'published'),
  ]
  expect(history.map(one => `${attemptName(one, history, 5)}: ${attemptResult(one)}`)).toEqual([
    'Build: Pushed its changes.',
    'Fix 1 of 5: Pushed its changes.',
    'Fix 2 of 5: Failed: The worker disappeared.',
    'Fix 2 of 5: Changed nothing.',
    'Fix 3 of 5: Reached the usage limit.',
    'Review changes: Pushed its changes.',
  ])
})
