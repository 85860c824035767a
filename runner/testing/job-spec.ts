import type { JobSpec } from '../job/job-spec.ts'

/** The spec of a first implementing attempt, except for the overrides. */
export function jobSpecOf(overrides: Partial<JobSpec> = {}): JobSpec {
  const { task = 'abcdefghij', phase = 'implement', attempt = 1 } = overrides
  return {
    name: `ml-${task}-${phase}-${attempt}`,
    task,
    attempt,
    phase,
    repository: 'octo/hello',
    base: null,
    branch: `mainloop/${task}-greet`,
    title: 'Greet by name',
    person: null,
    prompt: 'Greet by name, please.',
    mergeBase: false,
    model: null,
    budgetUsd: 1,
    published: 0,
    deadlineSeconds: 120,
    checkoutMb: 100,
    ...overrides,
  }
}
