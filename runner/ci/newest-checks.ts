import type { CheckRun, Observed, WorkflowRun } from './observed.ts'

/** The item with the highest id of each key: GitHub's ids grow. */
export function newestOf<T extends { id: number }>(items: readonly T[], key: (item: T) => string): T[] {
  return [...Map.groupBy(items, key).values()].flatMap(group => group.toSorted(newestFirst).slice(0, 1))
}

/** The job of a workflow run, as a check run. */
export interface RunJob { run: WorkflowRun, check: CheckRun }

export interface CurrentChecks {
  /** Of each workflow, event and job, the one that counts. */
  jobs: RunJob[]
  /** The runs that count, each with all its own jobs. */
  runs: { run: WorkflowRun, jobs: CheckRun[] }[]
  /** Runs whose jobs GitHub does not list yet, although it lists those of an older run. */
  unlisted: WorkflowRun[]
  /** Of each app and name, the check that counts. */
  apps: CheckRun[]
}

/**
 * The checks that count: what verified nothing replaces nothing that did. Per workflow, event and job this is the
 * newest run in which the job ran, because a job can be skipped in the run that an edit, a label or a new title
 * starts. A cancelled job counts only where no other run of its workflow has it, and as skipped if an older run passed.
 */
export function currentChecks({ checkRuns, workflowRuns }: Observed): CurrentChecks {
  const bySuite = new Map(workflowRuns.map(run => [run.suite, run]))
  const runOf = ({ suite }: CheckRun) => suite === null ? undefined : bySuite.get(suite)
  const jobsOf = Map.groupBy(checkRuns, check => runOf(check)?.id)
  const all = workflowRuns.map((run): RunWithJobs => ({
    run,
    jobs: newestOf(jobsOf.get(run.id) ?? [], ({ name }) => name),
  }))
  const groups = [...Map.groupBy(all, ({ run }) => `${run.workflow}/${run.event}`).values()]
    .map(group => group.toSorted((one, other) => newestFirst(one.run, other.run)))
  return {
    jobs: groups.flatMap(group =>
      currentJobs(group).filter(job => !isReplacedElsewhere(job, all)).map(job => skippedIfOlderPassed(job, group))),
    runs: groups.flatMap(currentRuns).filter(({ run }) => !isReplacedElsewhere({ run, check: null }, all)),
    unlisted: groups.flatMap(unlisted),
    apps: [...Map.groupBy(jobsOf.get(undefined) ?? [], ({ app, name }) => `${app}/${name}`).values()]
      .flatMap(group => counting(group.toSorted(newestFirst), check => check)),
  }
}

type Progress = Pick<WorkflowRun, 'status' | 'conclusion'>
type RunWithJobs = CurrentChecks['runs'][number]

export function isSkipped({ status, conclusion }: Progress): boolean {
  return status === 'completed' && conclusion === 'skipped'
}

function isCancelled({ status, conclusion }: Progress): boolean {
  return status === 'completed' && conclusion === 'cancelled'
}

function verifies(progress: Progress): boolean {
  return !isSkipped(progress) && !isCancelled(progress)
}

function newestFirst(one: { id: number }, other: { id: number }): number {
  return other.id - one.id
}

/** The first that was neither skipped nor cancelled; else the first that was cancelled; else the first. */
function counting<T>(newestFirst: readonly T[], progress: (item: T) => Progress): T[] {
  const found = newestFirst.find(item => verifies(progress(item)))
    ?? newestFirst.find(item => !isSkipped(progress(item)))
    ?? newestFirst[0]
  return found === undefined ? [] : [found]
}

function currentJobs(group: readonly RunWithJobs[]): RunJob[] {
  const jobs = group.flatMap(({ run, jobs }) => jobs.map(check => ({ run, check })))
  return [...Map.groupBy(jobs, ({ check }) => check.name).values()]
    .flatMap(same => counting(same, ({ check }) => check))
}

/** A job that was only ever skipped or cancelled does not hold back a commit that an older run passed without it. */
function skippedIfOlderPassed({ run, check }: RunJob, group: readonly RunWithJobs[]): RunJob {
  const isSuperfluous = isCancelled(check)
    && group.some(older => older.run.id < run.id && older.run.conclusion === 'success')
  return { run, check: isSuperfluous ? { ...check, conclusion: 'skipped' } : check }
}

/** The run that counts, and every older one that ran something that no newer one ran again. */
function currentRuns(group: readonly RunWithJobs[]): RunWithJobs[] {
  const ran = group.filter(({ run }) => verifies(run))
  if (ran.length === 0)
    return counting(group, ({ run }) => run)
  return ran.filter((older, at) => !ran.slice(0, at).some(newer => repeats(newer, older)))
}

function repeats(newer: RunWithJobs, older: RunWithJobs): boolean {
  const ran = new Set(newer.jobs.filter(verifies).map(({ name }) => name))
  const wanted = older.jobs.filter(verifies)
  return newer.run.status !== 'completed'
    || (wanted.length > 0 ? wanted.every(({ name }) => ran.has(name)) : !newer.jobs.some(isSkipped))
}

/** A concurrency group may cancel the push's run in favour of the pull request's, which is no failure. */
function isReplacedElsewhere(
  { run, check }: { run: WorkflowRun, check: CheckRun | null },
  all: readonly RunWithJobs[],
): boolean {
  const hasRun = ({ jobs }: RunWithJobs) => jobs.every(job => job.name !== check?.name || verifies(job))
  return isCancelled(check ?? run) && all.some(other =>
    other.run.workflow === run.workflow && other.run.id > run.id && verifies(other.run) && hasRun(other))
}

function unlisted(group: readonly RunWithJobs[]): WorkflowRun[] {
  const [newest, ...older] = group
  const isUnlisted = newest && newest.jobs.length === 0 && newest.run.conclusion === 'success'
  return isUnlisted && older.some(({ jobs }) => jobs.length > 0) ? [newest.run] : []
}
