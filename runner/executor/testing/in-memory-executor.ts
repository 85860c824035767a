import type { AttemptResult } from '#shared/model/task-event.ts'
import type { LogLine } from '#shared/protocol/log.ts'
import type { JobSpec } from '../../job/job-spec.ts'
import type { Executor, Job } from '../executor.ts'
import { NO_USAGE } from '../../job/no-usage.ts'

/** The script's access to its Job. */
export interface InMemoryWorker {
  log: (text: string) => void
  /** Ends the Job, unless it has ended. */
  end: (result: AttemptResult) => void
}

export interface InMemoryExecutor extends Executor {
  jobs: () => Job[]
  /** Ends a Job from outside, unless it has ended. */
  end: (name: string, result: AttemptResult) => void
}

interface Entry {
  job: Job
  lines: LogLine[]
  deadline: NodeJS.Timeout
  /** Resolves with the next line, the end or the removal of the Job; then there is another one. */
  change: PromiseWithResolvers<void>
}

const OVERDUE: AttemptResult = { outcome: 'failed', kind: 'deadline', reason: 'The attempt took too long.', usage: NO_USAGE }

/** An executor whose workers are scripts. `ensure` resolves after the script; the Job runs until the script or the test ends it. */
export function createInMemoryExecutor(
  script: (spec: JobSpec, worker: InMemoryWorker) => Promise<void> | void = () => {},
): InMemoryExecutor {
  const entries = new Map<string, Entry>()
  const jobs = (): Job[] => [...entries.values()].map(({ job }) => ({ ...job }))

  function end(name: string, result: AttemptResult): void {
    const entry = entries.get(name)
    if (!entry || entry.job.result !== null)
      return
    entry.job.result = result
    clearTimeout(entry.deadline)
    announce(entry)
  }

  return {
    kind: 'process',
    jobs,
    end,

    async ensure(spec) {
      const { name, task, attempt } = spec
      if (entries.has(name))
        return
      const entry: Entry = {
        job: { name, task, attempt, result: null },
        lines: [],
        deadline: setTimeout(end, spec.deadlineSeconds * 1000, name, OVERDUE).unref(),
        change: Promise.withResolvers(),
      }
      entries.set(name, entry)
      await script(spec, {
        log: (text) => {
          entry.lines.push({ attempt, n: entry.lines.length + 1, at: 1, stage: 'agent', kind: 'info', text })
          announce(entry)
        },
        end: result => end(name, result),
      })
    },

    list: async () => jobs(),

    async* follow(name, after, signal) {
      const aborted = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
      let read = after
      while (!signal.aborted) {
        const entry = entries.get(name)
        const line = entry?.lines[read]
        if (line) {
          read += 1
          yield line
        }
        else if (!entry || entry.job.result !== null) {
          return
        }
        else {
          await Promise.race([entry.change.promise, aborted])
        }
      }
    },

    async remove(name) {
      const entry = entries.get(name)
      if (!entry)
        return
      entries.delete(name)
      clearTimeout(entry.deadline)
      announce(entry)
    },
  }
}

function announce(entry: Entry): void {
  entry.change.resolve()
  entry.change = Promise.withResolvers()
}
