import type { RunnerStatus } from '#shared/model/status.ts'
import type { Task, Work } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'
import { clockTime } from './format.ts'
import { duration, relativeTime } from './relative-time.ts'

/** One short sentence: the task's current work, or its blocker and since when. */
export function taskStatusLine(task: Task, runner: RunnerStatus | null, now: number): string {
  const { state } = task
  switch (state.status) {
    case 'proposed':
      return 'Waits for you to start it.'
    case 'queued':
      return blocked(task, runner) ?? `Queued ${relativeTime(state.since, now)}.`
    case 'planning':
      return blocked(task, runner) ?? working('Writing a plan', state.work)
    case 'plan_review':
      return `A plan waits for you since ${clockTime(state.since)}.`
    case 'waiting_answer':
      return count(state.questions.length, 'question waits', 'questions wait')
    case 'implementing':
      return blocked(task, runner) ?? working('Making the change', state.work)
    case 'checking':
      return blocked(task, runner) ?? checking(state.pending, duration(state.since, now))
    case 'fixing':
      return blocked(task, runner) ?? working(fixing(state.work), state.work)
    case 'in_review':
      return reviewed(state)
    case 'addressing_feedback':
      return blocked(task, runner) ?? working('Working on the review', state.work)
    case 'paused':
      return `Paused until ${clockTime(state.until)}: ${state.why}`
    case 'merged':
      return `Merged ${relativeTime(state.since, now)}.`
    case 'closed':
      return `Closed without merging ${relativeTime(state.since, now)}.`
    case 'cancelled':
      return `${state.by === 'dismissed' ? 'Dismissed' : 'Cancelled'} ${relativeTime(state.since, now)}.`
    case 'failed':
      return state.reason
    default:
      return unreachable(state)
  }
}

function blocked({ blocked: why, state }: Task, runner: RunnerStatus | null): string | null {
  if (runner && !runner.online) {
    const then = state.status === 'queued' ? 'starts' : 'goes on'
    return `Runner offline since ${clockTime(runner.since)}. The task ${then} when it is back.`
  }
  return why ? `Waits for ${BLOCKER[why.on]} since ${clockTime(why.since)}: ${why.why}` : null
}

const BLOCKER = { github: 'GitHub', executor: 'a place to run', model: 'the model', runner: 'the runner' }

function fixing({ assignment }: Work): string {
  return assignment.phase === 'fix' ? `Fixing what failed: ${assignment.failure.summary}` : 'Fixing'
}

function working(activity: string, { startedAt }: Work): string {
  return startedAt === null ? `${activity}: a worker is starting …` : `${activity} …`
}

function checking(pending: readonly string[], lasted: string): string {
  const [first, ...others] = pending
  const names = first === undefined ? '' : `: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`
  return lasted === 'moments' ? `Waiting for CI${names}` : `Waiting for CI since ${lasted}${names}`
}

function reviewed({ ci, ready }: Extract<Task['state'], { status: 'in_review' }>): string {
  switch (ci) {
    case 'passed': return 'CI is green. The pull request is ready for you.'
    case 'pending': return 'It is marked ready, and some checks are still pending.'
    case 'draft':
      return ready
        ? 'It is marked ready, and the jobs that skip drafts have not begun.'
        : 'CI skips drafts, so nothing was verified. Mark it ready to let CI run.'
    case 'none':
      return `No CI ran, so nothing was verified. ${ready ? 'The pull request' : 'The draft'} waits for you.`
    default: return unreachable(ci)
  }
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many} for your answer.`
}
