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
 * In-memory edge, executor and GitHub. The edge runs the real task machine, workers end with `tick`, and on GitHub the checks of the
 * first commit fail and those of the second pass. It outlives the runners that a test kills.
 */
export function createInMemorySystem() {
  let task = buildTask({ state: STATES.queued })
  let desiredTasks: readonly DesiredTask[] = view()
  const answered = new Map<string, string | null>()
  const stored: LogLine[] = []
  const workers = createInMemoryExecutor(({ name }: JobSpec, worker) => {
    system.effects.push(`start ${name}`)
    for (let n = 1; n <= LINES_PER_JOB; n++)
      worker.log(`line ${n}`)
  })
  const pulls: (PullState & { body: string })[] = []
  const verdictReads = new Map<string, number>()
  const notes = new Map<string, string>()
  let isCleanedUp = false
  const system = {
    announced: [] as string[],
    /** All writes to the executor and GitHub, in order. */
    effects: [] as string[],
    down: { github: false, executor: false },
    inspection: null as GitHubError | null,
    /** Returns the same objects until the task changes. */
    desired: () => desiredTasks,
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
    /** Ends all workers, and merges the pull requests that are ready. */
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
    desiredTasks = view()
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
    const throwIfDown = () => {
      if (system.down.executor)
        throw new Error('connect ECONNREFUSED')
    }
    return {
      ...workers,
      ensure: async (spec) => {
        throwIfDown()
        await workers.ensure(spec)
      },
      list: async () => {
        throwIfDown()
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
      tokenOwner: async () => null,
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
        const reads = (verdictReads.get(head) ?? 0) + 1
        verdictReads.set(head, reads)
        if (reads === 1)
          return { kind: 'pending', waitingFor: ['test'], isRunning: true }
        return head === FIRST
          ? { kind: 'failed', failure: { kind: 'checks', summary: 'test failed', jobs: [] } }
          : { kind: 'passed', checks: 1 }
      },
    }
  }
}

function unused(): never {
  throw new Error('the task of this system has no plan and no review')
}

export type InMemorySystem = ReturnType<typeof createInMemorySystem>
