import type { RunnerEvent } from '#shared/model/task-event.ts'
import type { TaskId, Usage } from '#shared/model/task.ts'
import type { DesiredTask, DesiredWork } from '#shared/protocol/runner.ts'
import type { Job } from '../executor/executor.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

export type Attempt = Extract<DesiredWork, { do: 'attempt' }>

type Review = Extract<DesiredWork, { do: 'review' }>

export type Discuss = Extract<DesiredWork, { do: 'discuss' }>

export type Action
  = | { kind: 'remove', job: string }
    | { kind: 'start', task: DesiredTask, work: Attempt }
    | { kind: 'report', task: DesiredTask, event: RunnerEvent }
    /** Opens the pull request and reads the verdict of its checks. */
    | { kind: 'check', task: DesiredTask, head: string }
    /** Marks the pull request ready if `ready`, notices a merge or a close, and reads the verdict again. */
    | { kind: 'review', task: DesiredTask, head: string, ci: Review['ci'], ready: boolean }
    /** Posts the plan on GitHub and reads the decisions about it. */
    | { kind: 'discuss', task: DesiredTask, work: Discuss }
    /** Removes the branch and whatever else a finished task left on GitHub. */
    | { kind: 'clean-up', task: DesiredTask, after: Extract<DesiredWork, { do: 'clean-up' }>['after'] }
    /** Notices a merge or a close of the pull request while the task waits or a worker runs. */
    | { kind: 'watch', task: DesiredTask, pull: number }

export interface ObservedState {
  /** All Jobs, or the reason why the executor cannot list them. */
  jobs: readonly Job[] | { unreachable: string }
  /** Maximum number of workers at the same time. */
  slots: number
  /** ms since the epoch. */
  now: number
  /** The edge has not acknowledged a report of this task, so its desired work may be about to change. */
  isReporting: (task: TaskId) => boolean
  /** The time when the task is due again, ms since the epoch; 0 for at once. */
  notBefore: (task: DesiredTask) => number
  /** The edge has the Job's whole log. */
  hasLog: (job: string) => boolean
  /** The gateway's count of the attempt's usage; null when it knows of none. */
  spent: (attempt: Pick<Job, 'task' | 'attempt'>) => Usage | null
}

/**
 * Polls of GitHub in one pass, longest due first: an urgent action never
 * waits for hundreds of them, and GitHub takes a few requests a second.
 */
const MAX_POLLS = 50

/** The actions that bring the observed state closer to the desired one. Pure, and safe to call again at any time. */
export function decide(desired: readonly DesiredTask[], observed: ObservedState): Action[] {
  const jobs = 'unreachable' in observed.jobs ? [] : observed.jobs
  const attempts = new Set(desired.flatMap(({ id, work }) => work.do === 'attempt' ? [`${id}/${work.attempt}`] : []))
  const isWanted = ({ task, attempt }: Job): boolean => attempts.has(`${task}/${attempt}`)
  const jobOf = new Map(jobs.map(job => [`${job.task}/${job.attempt}`, job]))
  let free = observed.slots - jobs.filter(job => job.result === null && isWanted(job)).length

  const actions = desired
    .filter(({ id }) => !observed.isReporting(id))
    // The oldest task gets a free worker first.
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
          return isDue ? [{ kind: 'review', task, head: work.head, ci: work.ci, ready: work.ready }] : []
        case 'wait':
          return watch(task, isDue)
        case 'discuss':
          return isDue ? [{ kind: 'discuss', task, work }] : []
        case 'clean-up': {
          const mayHaveJob = 'unreachable' in observed.jobs || jobs.some(job => job.task === task.id)
          return isDue && !mayHaveJob ? [{ kind: 'clean-up', task, after: work.after }] : []
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
        return free >= 0 ? [{ kind: 'start', task, work }] : [blocked(task, 'runner', noFreeWorker(observed.slots))]
      }
    })

  const due = (action: Action): number => 'task' in action ? observed.notBefore(action.task) : 0
  return [
    ...jobs
      // An unwanted running worker is stopped at once; one that ended stays until the edge has its log.
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

/** A killed runner forgets unreported spending, so at most this amount or this share of the budget stays unreported. */
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

function noFreeWorker(slots: number): string {
  return `It waits for a free worker: ${slots === 1 ? 'the one there is is busy' : `all ${slots} are busy`}.`
}

function blocked(task: DesiredTask, on: 'executor' | 'runner', why: string): Action {
  return { kind: 'report', task, event: { kind: 'blocked', on, why } }
}
