import type { Executor } from '../../runner/executor/executor.ts'
import type { InMemoryWorker } from '../../runner/executor/testing/in-memory-executor.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import { performance } from 'node:perf_hooks'
import { createInMemoryExecutor } from '../../runner/executor/testing/in-memory-executor.ts'

export interface ScriptedWorkers {
  executor: Executor
  /** When the Job that fixes this task's nth failure began, by `performance.now()`; waits until it does. */
  fixBegan: (task: string, nth: number) => Promise<number>
  /** The commit the task's last attempt published; waits for that attempt. */
  published: (task: string, attempts: number) => Promise<string>
}

const usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }

/** Workers that publish a commit at once. The one check of their commit is still at work; a spec says when and how it ends. */
export function createScriptedWorkers(github: FakeGitHub): ScriptedWorkers {
  const began = new Map<string, PromiseWithResolvers<number>>()
  const commits = new Map<string, PromiseWithResolvers<string>>()

  async function work({ task, attempt, phase, repository, branch }: JobSpec, worker: InMemoryWorker): Promise<void> {
    if (phase === 'fix')
      waiting(began, `${task}/${attempt - 1}`).resolve(performance.now())
    const head = await github.commit(repository, branch, { 'answer.txt': `${attempt}\n` })
    await github.addCheck(repository, { sha: head, app: 'ci', name: 'test', conclusion: null })
    worker.end({ outcome: 'published', head, summary: 'Changed it.', flags: [], usage })
    waiting(commits, `${task}/${attempt}`).resolve(head)
  }

  return {
    fixBegan: (task, nth) => waiting(began, `${task}/${nth}`).promise,
    published: (task, attempts) => waiting(commits, `${task}/${attempts}`).promise,
    executor: createInMemoryExecutor(work),
  }
}

function waiting<T>(all: Map<string, PromiseWithResolvers<T>>, key: string): PromiseWithResolvers<T> {
  const one = all.get(key) ?? Promise.withResolvers<T>()
  all.set(key, one)
  return one
}
