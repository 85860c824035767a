import type { Executor } from '../../runner/executor/executor.ts'
import type { InMemoryWorker } from '../../runner/executor/testing/in-memory-executor.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import { performance } from 'node:perf_hooks'
import { createInMemoryExecutor } from '../../runner/executor/testing/in-memory-executor.ts'

export interface ScriptedWorkers {
  executor: Executor
  /** Waits for the Job that fixes the task's nth failure. Resolves to its start by `performance.now()`. */
  fixStarted: (task: string, nth: number) => Promise<number>
  /** Waits for the task's nth attempt. Resolves to the commit that it published. */
  published: (task: string, nth: number) => Promise<string>
}

const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }

/** Makes workers that publish a commit at once. Its only check is in progress until a spec ends it. */
export function createScriptedWorkers(github: FakeGitHub): ScriptedWorkers {
  const fixes = new Map<string, PromiseWithResolvers<number>>()
  const commits = new Map<string, PromiseWithResolvers<string>>()

  async function work({ task, attempt, phase, repository, branch }: JobSpec, worker: InMemoryWorker): Promise<void> {
    if (phase === 'fix')
      deferred(fixes, `${task}/${attempt - 1}`).resolve(performance.now())
    const head = await github.commit(repository, branch, { 'answer.txt': `${attempt}\n` })
    await github.addCheck(repository, { sha: head, app: 'ci', name: 'test', conclusion: null })
    worker.end({ outcome: 'published', head, summary: 'Changed it.', flags: [], usage })
    deferred(commits, `${task}/${attempt}`).resolve(head)
  }

  return {
    fixStarted: (task, nth) => deferred(fixes, `${task}/${nth}`).promise,
    published: (task, nth) => deferred(commits, `${task}/${nth}`).promise,
    executor: createInMemoryExecutor(work),
  }
}

function deferred<T>(all: Map<string, PromiseWithResolvers<T>>, key: string): PromiseWithResolvers<T> {
  const entry = all.get(key) ?? Promise.withResolvers<T>()
  all.set(key, entry)
  return entry
}
