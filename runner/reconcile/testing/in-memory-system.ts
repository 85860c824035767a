import type { AttemptResult, Verdict } from '#shared/model/task-event.ts'
import type { LogLine } from '#shared/protocol/log.ts'
import type { DesiredTask, RunnerUp } from '#shared/protocol/runner.ts'
import type { Executor, Job } from '../../executor/executor.ts'
import type { GitHub, PullState } from '../../github/github.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import { must } from '#shared/lib/must.ts'
import { desired } from '#shared/task/desired.ts'
import { transition } from '#shared/task/machine.ts'
import { buildTask, STATES } from '#shared/testing/build-task.ts'
import { createInMemoryExecutor } from '../../executor/testing/in-memory-executor.ts'
import { GitHubError } from '../../github/github.ts'

export const FIRST = '1'.repeat(40)
export const SECOND = '2'.repeat(40)

const usage = { costUsd: 0.1, inputTokens: 10, outputTokens: 5 }
const published = { outcome: 'published' as const, flags: [], usage }
const LINES_PER_JOB = 3

type Report = Omit<Extract<RunnerUp, { type: 'report' }>, 'type'>

/**
 * Everything outside the runner, in memory: an edge that runs the real machine, workers that end when time moves, a GitHub where the first
 * commit fails and the second is green. It outlives the runners that come and go in the tests.
 */
export function createInMemorySystem() {
  let task = buildTask({ state: STATES.queued })
  let wanted: readonly DesiredTask[] = view()
  const answered = new Map<string, string | null>()
  const stored: LogLine[] = []
  const workers = createInMemoryExecutor(({ name }: JobSpec, worker) => {
    system.effects.push(`start ${name}`)
    for (let n = 1; n <= LINES_PER_JOB; n++)
      worker.log(`line ${n}`)
  })
  const pulls: (PullState & { body: string })[] = []
  const looks = new Map<string, number>()
  const notes = new Map<string, string>()
  let isCleanedUp = false
  const system = {
    announced: [] as string[],
    /** Every effect on the executor and GitHub that is not a mere look. */
    effects: [] as string[],
    down: { github: false, executor: false },
    inspection: null as GitHubError | null,
    /** What is desired, the same objects until something changes. */
    desired: () => wanted,
    task: () => task,
    jobs: workers.jobs,
    pulls,
    lines: () => stored.map(({ attempt, n }) => `${attempt}/${n}`),
    happen,
    apply: ({ id, event }: Report) => {
      if (!answered.has(id))
        answered.set(id, happen(event))
    },
    store: (lines: readonly LogLine[]) => {
      const attempt = must(lines[0], 'a line').attempt
      const last = () => stored.filter(line => line.attempt === attempt).length
      for (const line of lines) {
        if (line.n === last() + 1)
          stored.push(line)
      }
      return last()
    },
    /** Time moves: workers end, and a person merges what is ready. */
    tick: () => {
      for (const job of workers.jobs())
        workers.end(job.name, resultOf(job))
      for (const pull of pulls) {
        if (task.state.status === 'in_review' && !pull.pull.draft)
          pull.state = 'merged'
      }
    },
    executor: executor(),
    github: github(),
  }
  return system

  function happen(event: Parameters<typeof transition>[1]): string | null {
    const step = transition(task, event, 1)
    if (!step.ok)
      return step.message
    task = step.task
    wanted = view()
    system.announced.push(...step.effects.map(({ text }) => text))
    return null
  }

  function view(): readonly DesiredTask[] {
    const now = desired(task)
    return now && now.work.do !== 'forget' ? [now] : []
  }

  function resultOf({ name }: Job): AttemptResult {
    return name.includes('implement')
      ? { ...published, head: FIRST, summary: 'Added it.' }
      : { ...published, head: SECOND, summary: 'Fixed it.' }
  }

  function executor(): Executor {
    const platform = () => {
      if (system.down.executor)
        throw new Error('connect ECONNREFUSED')
    }
    return {
      ...workers,
      ensure: async (spec) => {
        platform()
        await workers.ensure(spec)
      },
      list: async () => {
        platform()
        return workers.list()
      },
      remove: async (name) => {
        system.effects.push(`remove ${name}`)
        await workers.remove(name)
      },
    }
  }

  function github(): GitHub {
    const reach = () => {
      if (system.down.github)
        throw new GitHubError('unreachable', 'GitHub does not answer.')
    }
    const pullOf = (number: number) => must(pulls.find(({ pull }) => pull.number === number), `pull request ${number}`)
    return {
      inspect: async () => {
        reach()
        if (system.inspection)
          throw system.inspection
        return { defaultBranch: 'main' }
      },
      ensurePull: async ({ body }) => {
        reach()
        const open = pulls.find(({ state }) => state === 'open')
        if (open)
          return Object.assign(open, { body }).pull
        system.effects.push('open pull request')
        const pull = { number: pulls.length + 1, url: 'https://github.com/octo/hello/pull/1', draft: true }
        pulls.push({ state: 'open', pull, head: FIRST, branchGone: false, body })
        return pull
      },
      updatePullText: async (_, number, body) => {
        reach()
        const found = pullOf(number)
        if (found.state === 'open')
          found.body = body
      },
      pullState: async (_, number) => {
        reach()
        return { ...pullOf(number) }
      },
      markReady: async (_, number) => {
        reach()
        const found = pullOf(number)
        system.effects.push('mark ready')
        found.pull = { ...found.pull, draft: false }
      },
      person: async () => null,
      changes: async () => 'modified a.ts',
      cleanUp: async ({ after }) => {
        reach()
        if (!isCleanedUp)
          system.effects.push(`clean up after it is ${after}`)
        isCleanedUp = true
      },
      ensureComment: async ({ marker, body }) => {
        reach()
        if (!notes.has(marker))
          system.effects.push(`comment ${marker}`)
        notes.set(marker, body)
        return { id: notes.size, at: 1 }
      },
      pullComments: async () => {
        reach()
        return []
      },
      ensureIssue: unused,
      ensureReplies: unused,
      issueComments: unused,
      mayWrite: unused,
      thumbsUp: unused,
      acknowledge: unused,
      verdict: async (_, head): Promise<Verdict> => {
        reach()
        const look = (looks.get(head) ?? 0) + 1
        looks.set(head, look)
        if (look === 1)
          return { kind: 'pending', waitingFor: ['test'] }
        return head === FIRST
          ? { kind: 'failed', failure: { kind: 'checks', summary: 'test failed', jobs: [] } }
          : { kind: 'passed', checks: 1 }
      },
    }
  }
}

function unused(): never {
  throw new Error('nothing in this story plans first or is reviewed')
}

export type InMemorySystem = ReturnType<typeof createInMemorySystem>
