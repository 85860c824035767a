import type { AttemptRecord } from '#shared/model/task.ts'
import { expect, test } from 'vitest'
import { task } from '../testing/builders.ts'
import { spending } from './spending.ts'
import { taskEstimate } from './task-estimate.ts'

const NOON = Date.parse('2026-11-26T12:00:00Z')
const DAY_MS = 24 * 60 * 60_000

function attempt(endedAt: number, costUsd: number, minutes = 4): AttemptRecord {
  return {
    attempt: 1,
    phase: 'implement',
    cause: null,
    startedAt: endedAt - minutes * 60_000,
    endedAt,
    outcome: 'published',
    summary: null,
    head: null,
    usage: { costUsd, inputTokens: 0, outputTokens: 0 },
  }
}

test('spending is summed for today and for thirty days, by conversation and by tasks', () => {
  const tokens = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, unpricedTokens: 0 }
  const day = (day: string, costUsd: number) => ({ day, costUsd, replies: 1, ...tokens })
  const tasks = [task({ history: [attempt(NOON, 1), attempt(NOON - 29 * DAY_MS, 2), attempt(NOON - 30 * DAY_MS, 4)] })]
  expect(spending([day('2026-11-26', 0.5), day('2026-11-01', 0.25), day('2026-10-27', 8)], tasks, NOON)).toEqual([
    { source: 'Conversation', today: 0.5, month: 0.75 },
    { source: 'Tasks', today: 1, month: 3 },
  ])
})

test('an estimate is taken from tasks with a pull request, of the same repository if there are any', () => {
  const pull = { number: 1, url: 'https://example.com', draft: false }
  const done = (id: string, repository: string, costUsd: number) => {
    const usage = { costUsd, inputTokens: 0, outputTokens: 0 }
    return task({ id, repository, pull, history: [attempt(NOON, costUsd, 12)], usage })
  }
  const elsewhere = done('aaaaaaaaaa', 'other/one', 3)
  const sameRepository = done('bbbbbbbbbb', 'owner/name', 0.4)
  expect(taskEstimate([task()], 'owner/name')).toBeNull()
  expect(taskEstimate([elsewhere], 'owner/name')).toBe('about $3.00 and 12 min of work, as tasks elsewhere')
  expect(taskEstimate([elsewhere, sameRepository], 'owner/name')).toBe('about $0.40 and 12 min of work, as lately here')
})
