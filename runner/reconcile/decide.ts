import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { TaskId, Usage } from '#shared/model/task.ts'
import type { DesiredTask, DesiredWork } from '#shared/protocol/runner.ts'
import type { Job } from '../executor/executor.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

export type Attempt = Extract<DesiredWork, { do: 'attempt' }>

export type Discuss = Extract<DesiredWork, { do: 'discuss' }>

export type Action
  = | { kind: 'remove', job: string }
    | { kind: 'start', task: DesiredTask, work: Attempt }
    | { kind: 'report', task: DesiredTask, event: RunnerEvent }
    /** Opens the pull request, reads the verdict. */
    | { kind: 'check', task: DesiredTask, head: string }
    /** Marks the pull request ready when it may be, sees whether it was merged or closed, reads the verdict again. */
    | { kind: 'review', task: DesiredTask, head: string, ready: boolean }
    /** Puts the plan before people on GitHub and sees what they decide. */
    | { kind: 'discuss', task: DesiredTask, work: Discuss }
    /** Removes what is left of a task that is over. */
    | { kind: 'clean-up', task: DesiredTask, after: Extract<DesiredWork, { do: 'clean-up' }>['after'] }
    /** Sees whether a person merged or closed the pull request while something else goes on. */
    | { kind: 'watch', task: DesiredTask, pull: number }

export interface ObservedState {
  /** All Jobs there are, or why nobody knows. */
  jobs: readonly Job[] | { unreachable: string }
  /** Workers at the same time. */
  slots: number
  /** ms since the epoch. */
  now: number
  /** A report of this task is under way, so what is desired of it may be about to change. */
  isReporting: (task: TaskId) => boolean
  /** When a task that failed or was just polled is due again; 0 for at once. */
  notBefore: (task: DesiredTask) => number
  /** The edge has the Job's whole log. */
  hasLog: (job: string) => boolean
  /** What the attempt cost so far, as far as the gateway knows. */
  spent: (attempt: Pick<Job, 'task' | 'attempt'>) => Usage | null
}

/**
 * Polls of GitHub in one pass, longest due first: an urgent action never
 * waits for hundreds of them, and GitHub takes a few requests a second.
 */
const MAX_POLLS = 50

/** What to do now, so that what exists becomes what is desired. Pure, and right to call again at any time. */
export function decide(desired: readonly DesiredTask[], observed: ObservedState): Action[] {
  const jobs = 'unreachable' in observed.jobs ? [] : observed.jobs
  const attempts = new Set(desired.flatMap(({ id, work }) => work.do === 'attempt' ? [`${id}/${work.attempt}`] : []))
  const isWanted = ({ task, attempt }: Job): boolean => attempts.has(`${task}/${attempt}`)
  const jobOf = new Map(jobs.map(job => [`${job.task}/${job.attempt}`, job]))
  let free = observed.slots - jobs.filter(job => job.result === null && isWanted(job)).length

  const actions = desired
    .filter(({ id }) => !observed.isReporting(id))
    // Who asked first is served first.
    .toSorted((one, other) => one.createdAt - other.createdAt)
    .flatMap((task): Action[] => {
      const { work } = task
      const isDue = observed.notBefore(task) <= observed.now
      switch (work.do) {
        case 'attempt':
          return attempt(task, work)
        case 'check':
          return isDue ? [{ kind: 'check', task, head: work.head }] : []
        case 'review':
          return isDue ? [{ kind: 'review', task, head: work.head, ready: work.ready }] : []
        case 'wait':
          return watch(task, isDue)
        case 'discuss':
          return isDue ? [{ kind: 'discuss', task, work }] : []
        case 'clean-up': {
          const isLeft = 'unreachable' in observed.jobs || jobs.some(job => job.task === task.id)
          return isDue && !isLeft ? [{ kind: 'clean-up', task, after: work.after }] : []
        }
        case 'forget':
          return []
        default:
          return unreachable(work)
      }

      function attempt(task: DesiredTask, work: Attempt): Action[] {
        if ('unreachable' in observed.jobs)
          return [blocked(task, 'executor', observed.jobs.unreachable)]
        const job = jobOf.get(`${task.id}/${work.attempt}`)
        if (job) {
          return job.result === null
            ? [...progress(task, work), ...spending(task, work), ...watch(task, isDue)]
            : [{ kind: 'report', task, event: { kind: 'ended', attempt: work.attempt, result: job.result } }]
        }
        if (!isDue)
          return []
        free -= 1
        return free >= 0
          ? [{ kind: 'start', task, work }]
          : [
              blocked(
                task,
                'runner',
                `It waits for a free worker: ${observed.slots === 1 ? 'the one there is is busy' : `all ${observed.slots} are busy`}.`,
              ),
            ]
      }
    })

  const due = (action: Action): number => 'task' in action ? observed.notBefore(action.task) : 0
  return [
    ...jobs
      // What runs in vain is stopped at once; what has ended waits until its log is safe.
      .filter(job => !isWanted(job) && (job.result === null || observed.hasLog(job.name)))
      .map(({ name }): Action => ({ kind: 'remove', job: name })),
    ...actions.filter(action => !isPoll(action)),
    ...actions.filter(isPoll).toSorted((one, other) => due(one) - due(other)).slice(0, MAX_POLLS),
  ]

  function spending(task: DesiredTask, { attempt, budgetUsd }: Attempt): Action[] {
    const usage = observed.spent({ task: task.id, attempt })
    const unreported = usage ? usage.costUsd - task.spent.costUsd : 0
    return usage && unreported > 0 && unreported >= Math.min(MAX_UNREPORTED_USD, budgetUsd * MAX_UNREPORTED_SHARE)
      ? [{ kind: 'report', task, event: { kind: 'spent', attempt, usage } }]
      : []
  }
}

/** What a runner that is killed may forget of an attempt's spending: so much money, or such a share of its budget. */
const MAX_UNREPORTED_USD = 0.1
const MAX_UNREPORTED_SHARE = 0.02

function isPoll({ kind }: Action): boolean {
  return kind === 'check' || kind === 'review' || kind === 'watch' || kind === 'discuss' || kind === 'clean-up'
}

function progress(task: DesiredTask, { attempt }: Attempt): Action[] {
  const started: Action = { kind: 'report', task, event: { kind: 'started', attempt } }
  return task.blocked ? [started, { kind: 'report', task, event: { kind: 'unblocked' } }] : [started]
}

function watch(task: DesiredTask, isDue: boolean): Action[] {
  return task.pull && isDue ? [{ kind: 'watch', task, pull: task.pull.number }] : []
}

function blocked(task: DesiredTask, on: 'executor' | 'runner', why: string): Action {
  return { kind: 'report', task, event: { kind: 'blocked', on, why } }
}
