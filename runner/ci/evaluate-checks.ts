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
  = | {
    kind: 'pending'
    waitingFor: string[]
    /** Whether some of it goes on by itself; the rest waits for somebody or something outside. */
    isRunning: boolean
  }
  | { kind: 'passed', checks: number }
  | { kind: 'conflict' }
  | { kind: 'failed', failing: Failing[], checks: number }
  | { kind: 'none' }
    /** All jobs that ran have passed, but these jobs skip drafts and have not run on this commit. */
  | { kind: 'draft', skipped: string[] }

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
 * Evaluates the newest checks of a commit together. A failure is pending while any check is in progress, so that one
 * fix sees every failure, but it does not wait for somebody outside, who may never come. Success, neutral and skipped
 * pass, what no commit can heal waits for a person, everything else fails. Skipped checks alone are `none`, and jobs
 * that skip drafts keep the result from being green.
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
  const failing = failures(items)
  const isRunning = items.some(inProgress)
  if (isRunning || (waitingFor.length > 0 && failing.length === 0))
    return { kind: 'pending', waitingFor: [...new Set(waitingFor)], isRunning }

  const verified = items.filter(({ outcome }) => outcome !== 'skipped').length
  const age = now - lastPush(observed, now, checkTimeouts)
  const skipped = skippedOnDraft(observed, items)
  if (verified === 0 && skipped.length === 0)
    return age < checkTimeouts.beginMs ? soon('CI to begin') : { kind: 'none' }
  if (age < checkTimeouts.quietMs)
    return soon('more checks to begin')

  if (failing.length > 0)
    return { kind: 'failed', failing, checks: verified }
  return skipped.length > 0 ? { kind: 'draft', skipped } : { kind: 'passed', checks: verified }
}

function soon(what: string): ChecksEvaluation {
  return { kind: 'pending', waitingFor: [what], isRunning: true }
}

/** A commit status cannot say whether its app works on it or waits for a person. */
function inProgress({ outcome, failing, pendingReason }: Item): boolean {
  return outcome === 'running' && failing.source !== 'status' && pendingReason === ''
}

/** The failed checks, without those of a workflow that is about to run again: a run of it has no jobs yet. */
function failures(items: readonly Item[]): Failing[] {
  const begun = new Set(items.flatMap(({ outcome, failing }) =>
    outcome === 'running' && failing.source === 'workflow' ? [triggerOf(failing.run)] : []))
  return items.flatMap(({ outcome, failing }) =>
    outcome !== 'failed' || (failing.source === 'job' && begun.has(triggerOf(failing.run))) ? [] : [failing])
}

function triggerOf({ workflow, event }: WorkflowRun): string {
  return `${workflow}/${event}`
}

/** `waiting`: a check that ended, or stopped, until a person does something on GitHub. */
type Outcome = 'running' | 'waiting' | 'passed' | 'skipped' | 'failed'

interface Item {
  outcome: Outcome
  failing: Failing
  /** Follows the name of a check that has not ended; null for one that has. */
  pendingReason: string | null
}

const APPROVAL = ' (waits for an approval on GitHub)'

/** Explains GitHub's states of a check that is not running yet. */
const PENDING_REASONS: Record<string, string> = {
  queued: ' (queued: no runner has taken it yet)',
  requested: ' (queued: no runner has taken it yet)',
  waiting: APPROVAL,
  pending: ' (waits for another run to end)',
}

/** Explains the conclusions that no commit heals, so that no fix is paid for. */
const WAITING_REASONS: Record<string, string> = {
  action_required: APPROVAL,
  stale: ' (stale: run it again)',
  cancelled: ' (cancelled: run it again)',
}

/** Required checks that no app has reported. */
function unreported({ required, checkRuns, statuses }: Observed): string[] {
  const reported = new Set([...checkRuns.map(({ name }) => name), ...statuses.map(({ context }) => context)])
  return required.filter(name => !reported.has(name)).map(name => `${name} (required, not reported yet)`)
}

function gather(observed: Observed): Item[] {
  const { jobs, runs, unlisted, apps } = currentChecks(observed)
  return [
    ...jobs.map(({ run, check }): Item => (
      { ...progress(check), failing: { source: 'job', name: `${run.name} / ${check.name}`, run, check } }
    )),
    ...runs.flatMap(({ run, jobs }) => unexplained(run, jobs)),
    ...unlisted.map((run): Item => (
      { outcome: 'running', failing: ofRun(run), pendingReason: ' (GitHub does not list its jobs yet)' }
    )),
    ...apps.map((check): Item => ({ ...progress(check), failing: { source: 'app', name: check.name, check } })),
    ...newestOf(observed.statuses, ({ context }) => context).map((status): Item => ({
      outcome: statusOutcome(status),
      failing: { source: 'status', name: status.context, status },
      pendingReason: status.state === 'pending' ? '' : null,
    })),
  ]
}

/** The run itself, if no job of it explains its state: it is queued, is between two jobs, or could not start. */
function unexplained(run: WorkflowRun, jobs: readonly CheckRun[]): Item[] {
  const item: Item = { ...progress(run), failing: ofRun(run) }
  const matters = item.pendingReason !== null || item.outcome === 'failed'
  const isAdded = jobs.length === 0 || (matters && !jobs.some(job => isAlike(progress(job), item)))
  return isAdded ? [item] : []
}

function isAlike(one: Pending, other: Pending): boolean {
  return one.outcome === other.outcome || (one.pendingReason !== null && other.pendingReason !== null)
}

function ofRun(run: WorkflowRun): Failing {
  return { source: 'workflow', name: run.name, run }
}

/** The jobs that have not run because the pull request is or was a draft. */
function skippedOnDraft({ draftGuards }: Observed, items: readonly Item[]): string[] {
  return items.flatMap(({ outcome, failing }) =>
    outcome === 'skipped' && failing.source === 'job' && failing.run.event.startsWith('pull_request')
    && draftGuards.get(failing.run.path)?.some(guards => guards(failing.check.name))
      ? [failing.name]
      : [])
}

type Progress = Pick<WorkflowRun, 'status' | 'conclusion'>

type Pending = Pick<Item, 'outcome' | 'pendingReason'>

function progress({ status, conclusion }: Progress): Pending {
  if (status !== 'completed')
    return { outcome: status === 'waiting' ? 'waiting' : 'running', pendingReason: PENDING_REASONS[status ?? ''] ?? '' }
  const waitingReason = WAITING_REASONS[conclusion ?? '']
  if (waitingReason !== undefined)
    return { outcome: 'waiting', pendingReason: waitingReason }
  return { outcome: endOf(conclusion), pendingReason: null }
}

function endOf(conclusion: string | null): Outcome {
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
