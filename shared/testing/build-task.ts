import type { Task, TaskState, Work } from '../model/task.ts'
import { MAX_FIXES } from '../model/limits.ts'

/** A task with defaults for tests. */
export function buildTask(fields: Partial<Task> = {}): Task {
  return {
    id: 'a1b2c3d4e5',
    title: 'Add a farewell',
    repository: 'octo/hello',
    base: null,
    brief: 'Add a farewell to the greeting.',
    planFirst: false,
    model: null,
    budgetUsd: 5,
    createdAt: 1,
    revision: 1,
    state: { status: 'proposed', since: 1 },
    branch: 'mainloop/a1b2c3d4e5-add-a-farewell',
    pull: null,
    issue: null,
    heads: [],
    heard: [],
    plan: null,
    guidance: [],
    attempts: 1,
    fixes: 0,
    fixLimit: MAX_FIXES,
    crashes: 0,
    history: [],
    flags: [],
    blocked: null,
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    cleanedUp: false,
    seen: 0,
    ...fields,
  }
}

export const HEAD = 'a'.repeat(40)

const failure = { kind: 'checks' as const, summary: 'test failed', jobs: [] }

function work(assignment: Work['assignment']): Work {
  return { attempt: 1, assignment, startedAt: 1 }
}

/** One of each state, entered at time 1, with attempt 1 where a state has one. */
export const STATES: { [S in TaskState['status']]: Extract<TaskState, { status: S }> } = {
  proposed: { status: 'proposed', since: 1 },
  queued: { status: 'queued', since: 1, work: { ...work({ phase: 'implement' }), startedAt: null } },
  planning: { status: 'planning', since: 1, work: work({ phase: 'plan' }) },
  plan_review: { status: 'plan_review', since: 1, plan: 'First this.' },
  waiting_answer: { status: 'waiting_answer', since: 1, plan: null, questions: [{ id: 'q', text: 'Which one?', options: ['one', 'two'] }] },
  implementing: { status: 'implementing', since: 1, work: work({ phase: 'implement' }) },
  checking: { status: 'checking', since: 1, head: HEAD, pending: [] },
  fixing: { status: 'fixing', since: 1, work: work({ phase: 'fix', failure }) },
  in_review: { status: 'in_review', since: 1, head: HEAD, ci: 'passed' },
  addressing_feedback: { status: 'addressing_feedback', since: 1, work: work({ phase: 'feedback', comments: [{ id: 'line:1', text: 'Rename it.' }] }) },
  paused: { status: 'paused', since: 1, until: 100, why: 'The usage limit was reached.', assignment: { phase: 'implement' } },
  merged: { status: 'merged', since: 1 },
  closed: { status: 'closed', since: 1 },
  cancelled: { status: 'cancelled', since: 1, by: 'person' },
  failed: { status: 'failed', since: 1, kind: 'checkout', reason: 'It could not be cloned.', assignment: { phase: 'implement' } },
}
