import type { CheckRun, Observed, WorkflowRun } from './observed.ts'

/** The item with the highest id of each key: GitHub's ids grow. */
export function newestOf<T extends { id: number }>(items: readonly T[], key: (item: T) => string): T[] {
  const newest = new Map<string, T>()
  for (const item of items) {
    const other = newest.get(key(item))
    if (!other || other.id < item.id)
      newest.set(key(item), item)
  }
  return [...newest.values()]
}

export interface CurrentChecks {
  runs: WorkflowRun[]
  /** Each with the workflow run that it is a job of; null for checks of other apps. */
  checks: { check: CheckRun, run: WorkflowRun | null }[]
}

/**
 * The last run of each workflow and event, and the check runs that belong to none of the older ones. A job's
 * name is not enough to tell: two workflows can have jobs of the same name.
 */
export function currentChecks({ checkRuns, workflowRuns }: Observed): CurrentChecks {
  const newest = newestOf(workflowRuns, ({ workflow, event }) => `${workflow}/${event}`)
  const runs = newest.filter(run => !replaced(run, newest))
  const bySuite = new Map(workflowRuns.map(run => [run.suite, run]))
  return {
    runs,
    checks: checkRuns.flatMap((check) => {
      const run = check.suite === null ? null : bySuite.get(check.suite) ?? null
      return run === null || runs.includes(run) ? [{ check, run }] : []
    }),
  }
}

/** A concurrency group may cancel the push's run in favour of the pull request's, which is no failure. */
function replaced(run: WorkflowRun, others: readonly WorkflowRun[]): boolean {
  return run.conclusion === 'cancelled' && others.some(other => other.workflow === run.workflow && other.id > run.id)
}
