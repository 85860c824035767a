import type { CommitStatus, Conclusion, ExternalCheck, JobRecord, Repository, WorkflowRun } from './state.ts'

export type CheckRun
  = | { kind: 'job', run: WorkflowRun, job: JobRecord }
    | { kind: 'external', check: ExternalCheck }

/** The check runs of a commit, newest first as GitHub lists them. `latest` keeps the newest of each suite, app and name. */
export function checkRuns(repository: Repository, sha: string, filter: 'latest' | 'all'): CheckRun[] {
  const jobs = repository.runs.filter(run => run.sha === sha).flatMap(run => run.jobs.map((job): CheckRun => ({ kind: 'job', run, job })))
  const external = repository.checks.filter(check => check.sha === sha).map((check): CheckRun => ({ kind: 'external', check }))
  const all = [...jobs, ...external].sort((a, b) => checkId(b) - checkId(a))
  return filter === 'all' ? all : newestBy(all, identity)
}

function checkId(check: CheckRun): number {
  return check.kind === 'job' ? check.job.id : check.check.id
}

/** The statuses of a commit, newest first. */
export function statuses(repository: Repository, sha: string): CommitStatus[] {
  return repository.statuses.filter(status => status.sha === sha).toReversed()
}

export function newestBy<T>(newestFirst: readonly T[], key: (value: T) => string): T[] {
  return [...Map.groupBy(newestFirst, key).values()].flatMap(group => group.slice(0, 1))
}

/** The conclusions of all checks and statuses of a commit; null for each that has not ended. */
export function checkConclusions(repository: Repository, sha: string): (Conclusion | 'startup_failure' | null)[] {
  return [
    ...checkRuns(repository, sha, 'latest').map((check) => {
      const { progress } = check.kind === 'job' ? check.job : check.check
      return progress.status === 'completed' ? progress.conclusion : null
    }),
    ...repository.runs.filter(run => run.sha === sha && run.conclusion === 'startup_failure').map(run => run.conclusion),
    ...newestBy(statuses(repository, sha), status => status.context).map(({ state }) =>
      state === 'pending' ? null : state === 'success' ? ('success' as const) : ('failure' as const),
    ),
  ]
}

function identity(check: CheckRun): string {
  return check.kind === 'job' ? `${check.run.suiteId} ${check.job.name}` : `${check.check.app} ${check.check.name}`
}
