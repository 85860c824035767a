import type { AttemptResult } from '../model/task-event.ts'
import type { Task } from '../model/task.ts'
import { expect, test } from 'vitest'
import { must } from '../lib/must.ts'
import { MAX_COST_USD, MAX_TOKENS } from '../model/bounded.ts'
import { MAX_PAUSE_MS } from '../model/limits.ts'
import { attemptResult, personEvent } from '../model/task-event.ts'
import { MAX_TASK_BUDGET_USD, task as taskSchema } from '../model/task.ts'
import { buildTask, STATES } from '../testing/build-task.ts'
import { transition } from './machine.ts'

const NOW = 1000
const absurd = { costUsd: 1.7e308, inputTokens: 1.7e308, outputTokens: 1.7e308 }

function end(task: Task, result: AttemptResult): Task {
  const step = transition(task, { kind: 'ended', attempt: task.attempts, result: attemptResult.parse(result) }, NOW)
  return must(step.ok ? step.task : null, 'the task after the attempt')
}

/** The task after it was stored and read again. */
function stored(task: Task): Task {
  return taskSchema.parse(JSON.parse(JSON.stringify(task)))
}

test('two attempts that each say 1.7e308 leave a task that can be stored and read', () => {
  const crashed: AttemptResult = { outcome: 'failed', kind: 'crashed', reason: 'It vanished.', usage: absurd }
  const once = end(buildTask({ state: STATES.implementing }), crashed)
  const twice = end(once, crashed)
  expect(twice.usage).toEqual({ costUsd: MAX_COST_USD, inputTokens: MAX_TOKENS, outputTokens: MAX_TOKENS })
  expect(stored(twice)).toEqual(twice)
})

test('a limit until 1e300 pauses the task for the longest pause at most', () => {
  const paused = end(buildTask({ state: STATES.implementing }), { outcome: 'limited', until: 1e300, why: 'Used up.', usage: absurd })
  expect(paused.state).toMatchObject({ status: 'paused', until: NOW + MAX_PAUSE_MS })
})

test('a task that cost the most there is can be tried again, and stays readable', () => {
  const failed = end(buildTask({ state: STATES.implementing, budgetUsd: 1000 }), { outcome: 'failed', kind: 'budget', reason: 'Used up.', usage: absurd })
  let task = failed
  for (let time = 0; time < 3; time++) {
    const retried = transition({ ...task, state: failed.state }, personEvent.parse({ kind: 'retry' }), NOW)
    task = stored(must(retried.ok ? retried.task : null, 'the task after the retry'))
  }
  expect(task.budgetUsd).toBe(MAX_TASK_BUDGET_USD)
})
