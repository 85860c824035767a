import type { Executor, Job } from '../../runner/executor/executor.ts'
import type { JobSpec } from '../../runner/job/job-spec.ts'
import type { FakeGitHub } from '../fakes/github/fake-github.ts'
import { performance } from 'node:perf_hooks'

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
  const jobs = new Map<string, Job>()
  const began = new Map<string, PromiseWithResolvers<number>>()
  const commits = new Map<string, PromiseWithResolvers<string>>()

  async function work({ name, task, attempt, phase, repository, branch }: JobSpec): Promise<void> {
    if (jobs.has(name))
      return
    const job: Job = { name, task, attempt, result: null }
    jobs.set(name, job)
    if (phase === 'fix')
      waiting(began, `${task}/${attempt - 1}`).resolve(performance.now())
    const head = await github.commit(repository, branch, { 'answer.txt': `${attempt}\n` })
    await github.addCheck(repository, { sha: head, app: 'ci', name: 'test', conclusion: null })
    job.result = { outcome: 'published', head, summary: 'Changed it.', flags: [], usage }
    waiting(commits, `${task}/${attempt}`).resolve(head)
  }

  return {
    fixBegan: (task, nth) => waiting(began, `${task}/${nth}`).promise,
    published: (task, attempts) => waiting(commits, `${task}/${attempts}`).promise,
    executor: {
      kind: 'process',
      ensure: work,
      list: async () => [...jobs.values()].map(job => ({ ...job })),

      async* follow() {},
      remove: async (name) => {
        jobs.delete(name)
      },
    },
  }
}

function waiting<T>(all: Map<string, PromiseWithResolvers<T>>, key: string): PromiseWithResolvers<T> {
  const one = all.get(key) ?? Promise.withResolvers<T>()
  all.set(key, one)
  return one
}
