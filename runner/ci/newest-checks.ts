import type { CheckRun, Observed, WorkflowRun } from './observed.ts'

/** The newest of each key; ids grow. */
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
  /** With the workflow run they are jobs of; null for those of other apps. */
  checks: { check: CheckRun, run: WorkflowRun | null }[]
}

/**
 * What is not replaced by something newer: the last run of each workflow and event, and check runs that do
 * not belong to an older one. A job's name alone would not do: two workflows may have a job of the same name.
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

/** A concurrency group cancels the push's run in favour of the pull request's: that is no failure. */
function replaced(run: WorkflowRun, others: readonly WorkflowRun[]): boolean {
  return run.conclusion === 'cancelled' && others.some(other => other.workflow === run.workflow && other.id > run.id)
}
