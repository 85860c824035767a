import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'
import type { TaskHarness } from './task-harness.ts'
import { createTaskHarness } from './task-harness.ts'

let repositories = 0

export interface StartedScenario extends ScenarioContext {
  token: string
  /** Lets people act, and resolves to whether the scenario has ended. */
  isOver: (harness: TaskHarness) => Promise<boolean>
}

/** Creates a repository of its own and starts the scenario's task in it. */
export async function startScenario(
  github: FakeGitHub,
  { files, requiredChecks = [], task = {}, attempts, people, endsWhen }: Scenario,
): Promise<StartedScenario> {
  const repository = `octo/loop${String(repositories++).padStart(6, '0')}`
  await github.seed(repository, files ?? { 'a.txt': 'a\n' }, { requiredChecks })
  const harness = createTaskHarness({
    github,
    repository,
    task,
    script: (phase, nth) => attempts[phase]?.[nth - 1] ?? attempts[phase]?.at(-1) ?? UNSCRIPTED,
  })
  harness.dispatch({ kind: 'confirm' })
  const context = { github, repository, harness }
  return {
    ...context,
    token: github.createToken('mainloop-bot', { [repository]: 'write' }),
    isOver: async () =>
      ((await people?.(context)) ?? true) && (typeof endsWhen === 'function' ? endsWhen(harness.task()) : harness.task().state.status === endsWhen),
  }
}

const UNSCRIPTED = {
  end: {
    outcome: 'failed' as const,
    kind: 'agent' as const,
    reason: 'The scenario has no script for this attempt.',
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
  },
}
