import type { TaskEvent } from '../model/task-event.ts'
import type { Task } from '../model/task.ts'
import { describe, expect, test } from 'vitest'
import { buildTask, HEAD, STATES } from '../testing/build-task.ts'
import { desired } from './desired.ts'
import { transition } from './machine.ts'

const usage = { costUsd: 1, inputTokens: 10, outputTokens: 5 }
const message: TaskEvent = { kind: 'message', words: 'In Welsh, please.' }
const ended = (result: Extract<TaskEvent, { kind: 'ended' }>['result']): TaskEvent => ({ kind: 'ended', attempt: 1, result })
const published = ended({ outcome: 'published', head: HEAD, summary: 'Did it.', flags: [], usage })

function after(task: Task, ...events: TaskEvent[]) {
  let texts: string[] = []
  for (const event of events) {
    const step = transition(task, event, 200)
    if (!step.ok)
      throw new Error(step.message)
    task = step.task
    texts = step.effects.map(({ text }) => text)
  }
  return { task, texts }
}

describe('a message while an attempt runs', () => {
  test.each([
    ['is read after it has published, before anybody looks at CI', 'implementing', published, { status: 'addressing_feedback', work: { attempt: 2 } }],
    [
      'begins another plan when the running one misses it',
      'planning',
      ended({ outcome: 'planned', plan: 'Plan.', questions: [], usage }),
      { status: 'planning', work: { attempt: 2 } },
    ],
    [
      'is read before the plan\'s questions are asked',
      'planning',
      ended({ outcome: 'planned', plan: 'Plan.', questions: [{ id: 'q', text: 'Which?', options: [] }], usage }),
      { status: 'planning', work: { attempt: 2 } },
    ],
    ['is read after a fix that changed nothing', 'fixing', ended({ outcome: 'unchanged', summary: '', usage }), { status: 'addressing_feedback' }],
    ['stays in a failed task\'s guidance', 'implementing', ended({ outcome: 'failed', kind: 'agent', reason: 'It broke.', usage }), { status: 'failed' }],
  ] as const)('%s', (_, status, event, state) => {
    const { task, texts } = after(buildTask({ state: STATES[status], heads: [HEAD] }), message, event)
    expect(task.state).toMatchObject(state)
    expect(task.guidance).toEqual(['In Welsh, please.'])
    // One change has one entry in the conversation.
    expect(texts).toHaveLength(1)
  })

  test('is read once', () => {
    const { task } = after(buildTask({ state: STATES.implementing }), message, published)
    const again = { ...published, attempt: 2 }
    expect(after(task, again).task.state).toMatchObject({ status: 'checking' })
  })
})

test('a message before the worker has begun is part of its guidance', () => {
  const { task } = after(buildTask({ state: STATES.queued }), message)
  expect(desired(task)).toMatchObject({ work: { guidance: ['In Welsh, please.'] } })
  expect(after(task, { kind: 'started', attempt: 1 }, published).task.state).toMatchObject({ status: 'checking' })
})

test('a message to a task under review starts nothing when the budget is used up', () => {
  const { task } = after(buildTask({ state: STATES.in_review, heads: [HEAD], usage: { ...usage, costUsd: 5 } }), message)
  expect(task.state).toMatchObject({ status: 'failed', kind: 'budget' })
})
