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
 * Many tasks at once in memory: an edge that runs the real machine, workers that end when time moves, a GitHub that finds every commit
 * green. It counts what it is asked.
 */
export function createLoadFixture(count: number, { start }: { start: (i: number) => Task['state'] }) {
  const tasks = new Map<string, Task>()
  for (let i = 0; i < count; i++) {
    const id = `t${String(i).padStart(9, '0')}`
    tasks.set(id, buildTask({ id, createdAt: i, branch: `mainloop/${id}`, state: start(i) }))
  }
  const workers = createInMemoryExecutor()
  const pulls = new Map<number, { pull: PullRequest, branch: string }>()
  const asked = { github: 0, executor: 0 }
  let most = 0
  let wanted = view()

  function view() {
    return [...tasks.values()].flatMap((task) => {
      const now = desired(task)
      return now && now.work.do !== 'forget' ? [now] : []
    })
  }

  function called<A extends unknown[], R>(answer: (...given: A) => R): (...given: A) => Promise<R> {
    return async (...given) => {
      asked.github += 1
      return answer(...given)
    }
  }
  const unasked = called((): never => {
    throw new Error('nobody asks this here')
  })

  const github: GitHub = {
    inspect: called(() => ({ defaultBranch: 'main' })),
    ensurePull: called(({ branch }) => {
      const known = [...pulls.values()].find(open => open.branch === branch)
      const pull = known?.pull ?? { number: pulls.size + 1, url: `https://github.com/octo/hello/pull/${pulls.size + 1}`, draft: true }
      pulls.set(pull.number, { pull, branch })
      return pull
    }),
    updatePullText: called(() => undefined),
    pullState: called((_, number) => ({
      state: 'open' as const,
      pull: pullOf(number),
      head: shaOf(must(pulls.get(number), 'a pull request').branch),
      branchGone: false,
    })),
    markReady: called((_, number) => {
      const open = must(pulls.get(number), 'a pull request')
      pulls.set(number, { ...open, pull: { ...open.pull, draft: false } })
    }),
    verdict: called(() => ({ kind: 'passed' as const, checks: 1 })),
    person: async () => null,
    changes: called(() => ''),
    cleanUp: called(() => undefined),
    ensureComment: called(() => ({ id: 1, at: 1 })),
    pullComments: called(() => []),
    issueComments: called(() => []),
    ensureIssue: called(() => ({ number: 1, url: 'https://github.com/octo/hello/issues/1' })),
    ensureReplies: unasked,
    mayWrite: unasked,
    thumbsUp: called(() => []),
    acknowledge: unasked,
  }

  function pullOf(number: number): PullRequest {
    return must(pulls.get(number), 'a pull request').pull
  }

  const executor: Executor = {
    ...workers,
    ensure: async (spec) => {
      asked.executor += 1
      await workers.ensure(spec)
      most = Math.max(most, workers.jobs().filter(({ result }) => result === null).length)
    },
    list: async () => {
      asked.executor += 1
      return workers.list()
    },
    remove: async (name) => {
      asked.executor += 1
      await workers.remove(name)
    },
  }

  const edgeConnection: Pick<EdgeConnection, 'desired' | 'takePollRequests' | 'report' | 'isReporting' | 'sendLog'> = {
    desired: () => wanted,
    report: ({ task, event }) => {
      const step = transition(must(tasks.get(task), 'a task'), event, 1)
      if (!step.ok)
        return
      tasks.set(task, step.task)
      const now = desired(step.task)
      wanted = wanted.flatMap(other => other.id === task ? now ?? [] : other)
    },
    takePollRequests: () => new Set(),
    isReporting: () => false,
    sendLog: async (_, lines) => must(lines.at(-1), 'a line').n,
  }

  return {
    edgeConnection,
    executor,
    github,
    asked,
    /** The most workers there ever were at the same time. */
    mostWorkers: () => most,
    jobs: workers.jobs,
    statuses: () => Object.entries(Object.groupBy(tasks.values(), ({ state }) => state.status)).map(([status, those]) => [status, those.length] as const),
    /** Every worker comes to its end. */
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
