import type { AttemptRecord } from '../model/task.ts'
import { expect, test } from 'vitest'
import { buildTask, STATES } from '../testing/build-task.ts'
import { daySpend } from './day-spend.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')

function ended(at: string, costUsd: number): AttemptRecord {
  return {
    attempt: 1,
    phase: 'implement',
    cause: null,
    startedAt: 1,
    endedAt: Date.parse(at),
    outcome: 'published',
    summary: null,
    head: null,
    usage: { costUsd, inputTokens: 1, outputTokens: 1 },
  }
}

test('a day has the cost of attempts that ended on it and of running attempts', () => {
  const spent = { costUsd: 4, inputTokens: 1, outputTokens: 1 }
  expect(daySpend([
    buildTask({ history: [ended('2026-11-22T23:59:59Z', 100), ended('2026-11-23T00:00:00Z', 1)] }),
    buildTask({ history: [ended('2026-11-23T11:00:00Z', 2)], state: { ...STATES.fixing, work: { ...STATES.fixing.work, spent } } }),
    buildTask({ state: STATES.implementing }),
  ], NOON)).toEqual({ day: '2026-11-23', usd: 7 })
})
