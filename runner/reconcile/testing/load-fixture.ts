import type { PullRequest, Task } from '#shared/model/task.ts'
import type { EdgeConnection } from '../../edge-connection/edge-connection.ts'
import type { Executor } from '../../executor/executor.ts'
import type { GitHub } from '../../github/github.ts'
import { must } from '#shared/lib/must.ts'
import { desired } from '#shared/task/desired.ts'
import { transition } from '#shared/task/machine.ts'
import { buildTask } from '#shared/testing/build-task.ts'
import { createInMemoryExecutor } from '../../executor/testing/in-memory-executor.ts'

const USAGE = { costUsd: 0.1, inputTokens: 10, outputTokens: 5 }

/**
 * In-memory edge, executor and GitHub for many tasks, with a count of the calls. The edge runs the real task machine, workers end with
 * `tick`, and all checks pass.
 */
export function createLoadFixture(count: number, { start }: { start: (i: number) => Task['state'] }) {
  const tasks = new Map<string, Task>()
  for (let i = 0; i < count; i++) {
    const id = `t${String(i).padStart(9, '0')}`
    tasks.set(id, buildTask({ id, createdAt: i, branch: `mainloop/${id}`, state: start(i) }))
  }
  const workers = createInMemoryExecutor()
  const pulls = new Map<number, { pull: PullRequest, branch: string }>()
  const calls = { github: 0, executor: 0 }
  let mostWorkers = 0
  let desiredTasks = view()

  function view() {
    return [...tasks.values()].flatMap((task) => {
      const now = desired(task)
      return now && now.work.do !== 'forget' ? [now] : []
    })
  }

  function counted<A extends unknown[], R>(answer: (...args: A) => R): (...args: A) => Promise<R> {
    return async (...args) => {
      calls.github += 1
      return answer(...args)
    }
  }
  const unused = counted((): never => {
    throw new Error('the tasks of this fixture have no reviews')
  })

  const github: GitHub = {
    inspect: counted(() => ({ defaultBranch: 'main' })),
    ensurePull: counted(({ branch }) => {
      const known = [...pulls.values()].find(open => open.branch === branch)
      const pull = known?.pull ?? { number: pulls.size + 1, url: `https://github.com/octo/hello/pull/${pulls.size + 1}`, draft: true }
      pulls.set(pull.number, { pull, branch })
      return pull
    }),
    updatePullText: counted(() => undefined),
    pullState: counted((_, number) => ({
      state: 'open' as const,
      pull: pullOf(number),
      head: shaOf(must(pulls.get(number), 'a pull request').branch),
      branchGone: false,
    })),
    markReady: counted((_, number) => {
      const open = must(pulls.get(number), 'a pull request')
      pulls.set(number, { ...open, pull: { ...open.pull, draft: false } })
    }),
    verdict: counted(() => ({ kind: 'passed' as const, checks: 1 })),
    tokenOwner: async () => null,
    changes: counted(() => ''),
    cleanUp: counted(() => undefined),
    ensureComment: counted(() => ({ id: 1, at: 1 })),
    pullComments: counted(() => []),
    issueComments: counted(() => []),
    ensureIssue: counted(() => ({ number: 1, url: 'https://github.com/octo/hello/issues/1' })),
    ensureReplies: unused,
    mayWrite: unused,
    thumbsUp: counted(() => []),
    acknowledge: unused,
  }

  function pullOf(number: number): PullRequest {
    return must(pulls.get(number), 'a pull request').pull
  }

  const executor: Executor = {
    ...workers,
    ensure: async (spec) => {
      calls.executor += 1
      await workers.ensure(spec)
      mostWorkers = Math.max(mostWorkers, workers.jobs().filter(({ result }) => result === null).length)
    },
    list: async () => {
      calls.executor += 1
      return workers.list()
    },
    remove: async (name) => {
      calls.executor += 1
      await workers.remove(name)
    },
  }

  const edgeConnection: Pick<EdgeConnection, 'desired' | 'takePollRequests' | 'report' | 'isReporting' | 'sendLog'> = {
    desired: () => desiredTasks,
    report: ({ task, event }) => {
      const step = transition(must(tasks.get(task), 'a task'), event, 1)
      if (!step.ok)
        return
      tasks.set(task, step.task)
      const now = desired(step.task)
      desiredTasks = desiredTasks.flatMap(other => other.id === task ? now ?? [] : other)
    },
    takePollRequests: () => new Set(),
    isReporting: () => false,
    sendLog: async (_, lines) => must(lines.at(-1), 'a line').n,
  }

  return {
    edgeConnection,
    executor,
    github,
    calls,
    /** The highest number of running workers at the same time. */
    mostWorkers: () => mostWorkers,
    jobs: workers.jobs,
    statuses: () => Object.entries(Object.groupBy(tasks.values(), ({ state }) => state.status)).map(([status, group]) => [status, group.length] as const),
    /** Ends all workers. */
    tick: () => {
      for (const { name, task } of workers.jobs())
        workers.end(name, { outcome: 'published', head: shaOf(`mainloop/${task}`), summary: 'Added it.', flags: [], usage: USAGE })
    },
  }
}

/** The one commit of a branch. */
function shaOf(branch: string): string {
  return branch.replace(/\D/g, '').padStart(40, '0')
}
