import type { CheckRun, CommitStatus, Observed, WorkflowRun } from './observed.ts'
import { currentChecks, newestOf } from './newest-checks.ts'

/** A check that did not pass, by where its reasons are found. */
export type Failing
  = | { source: 'workflow', name: string, run: WorkflowRun }
    | { source: 'job', name: string, run: WorkflowRun, check: CheckRun }
    | { source: 'app', name: string, check: CheckRun }
    | { source: 'status', name: string, status: CommitStatus }

/** A verdict whose reasons are not read yet. */
export type ChecksEvaluation
  = | { kind: 'pending', waitingFor: string[] }
    | { kind: 'passed', checks: number }
    | { kind: 'conflict' }
    | { kind: 'failed', failing: Failing[], checks: number }
    | { kind: 'none' }

/** How long after the last push a missing check may still appear. ms */
export interface CheckTimeouts {
  /** What was seen has ended; a slower app may still begin. */
  quietMs: number
  /** Nothing was seen at all. */
  beginMs: number
}

/** A wrong `none` costs the person a look, so checks have longer to begin than to follow. Times the quiet period. */
const BEGIN_FACTOR = 6

export function checkTimeoutsFor(quietMs: number): CheckTimeouts {
  return { quietMs, beginMs: quietMs * BEGIN_FACTOR }
}

/** Actions and most apps announce their checks within seconds of a push. */
export const CHECK_TIMEOUTS: CheckTimeouts = checkTimeoutsFor(10_000)

const PASSING = new Set(['success', 'neutral', 'skipped'])

/**
 * What all checks of a commit say together, newest per name. Nothing is said to have
 * ended while anything runs, so that one fix sees every failure. Success, neutral and
 * skipped pass, everything else fails; nothing, or nothing but skipped, is not green.
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
    ...items.flatMap(({ failing, waits }) => (waits === null ? [] : failing.name + waits)),
    ...unreported(observed),
  ]
  // A check that is required and silent is waited for only while
  // nothing else has failed: then there is something to do.
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
  /** Why it has not ended, as the end of its name; null when it has. */
  waits: string | null
}

/** What GitHub's words for "not yet" mean to the person; any other is simply under way. */
const WAITS: Record<string, string> = {
  queued: ' (queued: no runner has taken it yet)',
  requested: ' (queued: no runner has taken it yet)',
  waiting: ' (waits for an approval on GitHub)',
  pending: ' (waits for another run to end)',
}

/** Required checks that nothing has reported under their name. */
function unreported({ required, checkRuns, statuses }: Observed): string[] {
  const reported = new Set([...checkRuns.map(({ name }) => name), ...statuses.map(({ context }) => context)])
  return required.filter(name => !reported.has(name)).map(name => `${name} (required, not reported yet)`)
}

function gather(observed: Observed): Item[] {
  const { runs, checks } = currentChecks(observed)
  const jobs = runs.flatMap(run =>
    ofRun(
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
      waits: status.state === 'pending' ? '' : null,
    })),
  ]
}

/** The jobs of a workflow run; and the run itself when it says what none of its jobs says. */
function ofRun(run: WorkflowRun, checks: CheckRun[]): Item[] {
  const jobs = newestOf(checks, ({ name }) => name).map((check): Item => (
    { ...progress(check), failing: { source: 'job', name: `${run.name} / ${check.name}`, run, check } }
  ))
  const whole: Item = { ...progress(run), failing: { source: 'workflow', name: run.name, run } }
  // Queued before it has a job, between two jobs, a file that could not be started, or two jobs of one name.
  const unsaid = whole.outcome === 'running' || whole.outcome === 'failed'
  const says = jobs.length === 0 || (unsaid && jobs.every(job => job.outcome !== whole.outcome))
  return says ? [...jobs, whole] : jobs
}

function progress(one: { status: string | null, conclusion: string | null }): Pick<Item, 'outcome' | 'waits'> {
  const reached = outcome(one)
  return { outcome: reached, waits: reached === 'running' ? WAITS[one.status ?? ''] ?? '' : null }
}

function outcome({ status, conclusion }: { status: string | null, conclusion: string | null }): Outcome {
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

/**
 * The commit's time is its author's clock: one from the far future would otherwise keep the task waiting until then.
 */
function lastPush({ committedAt, openedAt }: Observed, now: number, { beginMs }: CheckTimeouts): number {
  return Math.max(...[committedAt, openedAt].filter(at => at <= now + beginMs).map(at => Math.min(at, now)), 0)
}
