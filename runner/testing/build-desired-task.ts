import type { DesiredTask } from '#shared/protocol/runner.ts'

/** A desired task whose first attempt is due, except for the overrides. */
export function buildDesiredTask(overrides: Partial<DesiredTask> = {}): DesiredTask {
  return {
    id: 'a1b2c3d4e5',
    title: 'Add a farewell',
    repository: 'octo/hello',
    base: null,
    brief: 'Add a farewell.',
    model: null,
    branch: 'mainloop/a1b2c3d4e5',
    pull: null,
    createdAt: 1,
    issue: null,
    heads: [],
    heard: [],
    reply: null,
    blocked: false,
    flags: [],
    summaries: [],
    spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    work: {
      do: 'attempt',
      attempt: 1,
      assignment: { phase: 'implement' },
      plan: null,
      guidance: [],
      budgetUsd: 5,
      published: 0,
    },
    ...overrides,
  }
}
