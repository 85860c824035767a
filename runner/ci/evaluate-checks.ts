import type { CheckRun, CommitStatus, Observed, WorkflowRun } from './observed.ts'
import { currentChecks, newestOf } from './newest-checks.ts'

/** A check that did not pass, by the source of its output. */
export type Failing
  = | { source: 'workflow', name: string, run: WorkflowRun }
    | { source: 'job', name: string, run: WorkflowRun, check: CheckRun }
    | { source: 'app', name: string, check: CheckRun }
    | { source: 'status', name: string, status: CommitStatus }

/** A verdict before any log is read. */
export type ChecksEvaluation
  = | { kind: 'pending', waitingFor: string[] }
    | { kind: 'passed', checks: number }
    | { kind: 'conflict' }
    | { kind: 'failed', failing: Failing[], checks: number }
    | { kind: 'none' }

/** The time after the last push in which a check may still appear. ms */
export interface CheckTimeouts {
  /** If the checks so far have ended: a slower app may still begin. */
  quietMs: number
  /** If there is no check so far. */
  beginMs: number
}

/** In quiet periods. A wrong `none` interrupts the person, so the first check may take longer than the next ones. */
const BEGIN_FACTOR = 6

export function checkTimeoutsFor(quietMs: number): CheckTimeouts {
  return { quietMs, beginMs: quietMs * BEGIN_FACTOR }
}

/** Actions and most apps announce their checks within seconds of a push. */
export const CHECK_TIMEOUTS: CheckTimeouts = checkTimeoutsFor(10_000)

const PASSING = new Set(['success', 'neutral', 'skipped'])

/**
 * Evaluates the newest checks of a commit together. The result is pending while any check runs, so that one fix
 * sees every failure. Success, neutral and skipped pass, everything else fails. Skipped checks alone are `none`.
 */
export function evaluateChecks(
  observed: Observed,
  now: number,
  checkTimeouts: CheckTimeouts = CHECK_TIMEOUTS,
): ChecksEvaluation {
  if (observed.mergeable === false)
    return { kind: 'conflict' }

  const items = gather(observed)
  const waitingFor = [
    ...items.flatMap(({ failing, pendingReason }) => (pendingReason === null ? [] : failing.name + pendingReason)),
    ...unreported(observed),
  ]
  // A failure can be fixed at once, so only green results wait for required checks that were not reported.
  const running = items.some(({ outcome }) => outcome === 'running')
  const failed = items.some(({ outcome }) => outcome === 'failed')
  if (running || (waitingFor.length > 0 && !failed))
    return { kind: 'pending', waitingFor: [...new Set(waitingFor)] }

  const verified = items.filter(({ outcome }) => outcome !== 'skipped').length
  const age = now - lastPush(observed, now, checkTimeouts)
  if (verified === 0)
    return age < checkTimeouts.beginMs ? { kind: 'pending', waitingFor: ['CI to begin'] } : { kind: 'none' }
  if (age < checkTimeouts.quietMs)
    return { kind: 'pending', waitingFor: ['more checks to begin'] }

  const failing = items.filter(({ outcome }) => outcome === 'failed').map(item => item.failing)
  return failing.length > 0 ? { kind: 'failed', failing, checks: verified } : { kind: 'passed', checks: verified }
}

type Outcome = 'running' | 'passed' | 'skipped' | 'failed'

interface Item {
  outcome: Outcome
  failing: Failing
  /** Follows the name of a check that has not ended; null for one that has. */
  pendingReason: string | null
}

/** Explains GitHub's states of a check that is not running yet. */
const PENDING_REASONS: Record<string, string> = {
  queued: ' (queued: no runner has taken it yet)',
  requested: ' (queued: no runner has taken it yet)',
  waiting: ' (waits for an approval on GitHub)',
  pending: ' (waits for another run to end)',
}

/** Required checks that no app has reported. */
function unreported({ required, checkRuns, statuses }: Observed): string[] {
  const reported = new Set([...checkRuns.map(({ name }) => name), ...statuses.map(({ context }) => context)])
  return required.filter(name => !reported.has(name)).map(name => `${name} (required, not reported yet)`)
}

function gather(observed: Observed): Item[] {
  const { runs, checks } = currentChecks(observed)
  const jobs = runs.flatMap(run =>
    itemsOfRun(
      run,
      checks.filter(check => check.run?.id === run.id).map(({ check }) => check),
    ),
  )
  const apps = newestOf(
    checks.filter(({ run }) => run === null).map(({ check }) => check),
    ({ app, name }) => `${app}/${name}`,
  )
  const statuses = newestOf(observed.statuses, ({ context }) => context)
  return [
    ...jobs,
    ...apps.map((check): Item => ({ ...progress(check), failing: { source: 'app', name: check.name, check } })),
    ...statuses.map((status): Item => ({
      outcome: statusOutcome(status),
      failing: { source: 'status', name: status.context, status },
      pendingReason: status.state === 'pending' ? '' : null,
    })),
  ]
}

/** The jobs of a workflow run, and the run itself if no job explains its state. */
function itemsOfRun(run: WorkflowRun, checks: CheckRun[]): Item[] {
  const jobs = newestOf(checks, ({ name }) => name).map((check): Item => (
    { ...progress(check), failing: { source: 'job', name: `${run.name} / ${check.name}`, run, check } }
  ))
  const runItem: Item = { ...progress(run), failing: { source: 'workflow', name: run.name, run } }
  // No job explains a run that is queued, is between two jobs, could not start, or has two jobs of one name.
  const matters = runItem.outcome === 'running' || runItem.outcome === 'failed'
  const addsRun = jobs.length === 0 || (matters && jobs.every(job => job.outcome !== runItem.outcome))
  return addsRun ? [...jobs, runItem] : jobs
}

type Progress = Pick<WorkflowRun, 'status' | 'conclusion'>

function progress(check: Progress): Pick<Item, 'outcome' | 'pendingReason'> {
  const outcome = outcomeOf(check)
  return { outcome, pendingReason: outcome === 'running' ? PENDING_REASONS[check.status ?? ''] ?? '' : null }
}

function outcomeOf({ status, conclusion }: Progress): Outcome {
  if (status !== 'completed')
    return 'running'
  if (conclusion === 'skipped')
    return 'skipped'
  return PASSING.has(conclusion ?? '') ? 'passed' : 'failed'
}

function statusOutcome({ state }: CommitStatus): Outcome {
  if (state === 'pending')
    return 'running'
  return state === 'success' ? 'passed' : 'failed'
}

/** Ignores times in the far future: a commit's time is its author's clock, and the task would wait until then. */
function lastPush({ committedAt, openedAt }: Observed, now: number, { beginMs }: CheckTimeouts): number {
  return Math.max(...[committedAt, openedAt].filter(at => at <= now + beginMs).map(at => Math.min(at, now)), 0)
}
