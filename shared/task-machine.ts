import type { AttemptResult, TaskEvent } from './model/task-event.ts'
import type { Assignment, Task, TaskState, TaskTerms, Usage, Work } from './model/task.ts'
import type { Transition } from './task-steps.ts'
import { unreachable } from './lib/unreachable.ts'
import { MAX_CRASHES, MAX_FIXES, MIN_PAUSE_MS } from './model/limits.ts'
import { branchName } from './task-branch.ts'
import { checks, fix, flag, pushed, unchanged } from './task-checks.ts'
import { message, readMessages } from './task-message.ts'
import { feedback, hear } from './task-review.ts'
import { begin, enter, fail, illegal, queue, same, stale, working } from './task-steps.ts'
import { describeState } from './task-words.ts'

/**
 * The only way a task changes. Pure: `now` (ms since the epoch) comes from outside, effects are returned as data. An event that
 * comes too late, out of order or from an old attempt is answered with a reason and changes nothing.
 */
export function transition(task: Task, event: TaskEvent, now: number): Transition {
  const step = decide(task, event, now)
  return step.ok ? { ...step, task: { ...step.task, revision: task.revision + 1 } } : step
}

function decide(task: Task, event: TaskEvent, now: number): Transition {
  const { state } = task
  if (event.kind === 'cleaned')
    return isFinished(state) ? same({ ...task, cleanedUp: true }) : illegal(task, 'be cleaned up')
  if (isFinished(state))
    return { ok: false, kind: 'finished', message: `The task ${describeState(state)}.` }

  switch (event.kind) {
    case 'confirm':
      return state.status === 'proposed' ? confirm(task, event.edits, now) : illegal(task, 'be started')
    case 'dismiss':
      return state.status === 'proposed' ? enter(task, { status: 'cancelled', since: now, by: 'dismissed' }) : illegal(task, 'be dismissed')
    case 'cancel':
      return enter(task, { status: 'cancelled', since: now, by: 'person' }, 'The task was cancelled.')
    case 'retry':
      return retry(task, event.edits, now)
    case 'approve-plan':
      return state.status === 'plan_review'
        ? begin(task, { phase: 'implement' }, now, 'The plan was approved.')
        : illegal(task, 'have its plan approved')
    case 'revise-plan':
      return state.status === 'plan_review'
        ? begin(guide(task, event.words), { phase: 'plan' }, now, 'The plan was sent back.')
        : illegal(task, 'have its plan sent back')
    case 'answer':
      return answer(task, event.answers, now)
    case 'started':
      return started(task, event.attempt, now)
    case 'spent':
      return spent(task, event.attempt, event.usage)
    case 'ended':
      return readMessages(state, ended(task, event.attempt, event.result, now), now)
    case 'message':
      return message(task, event.words, now)
    case 'pull':
      if (state.status === 'proposed')
        return illegal(task, 'have a pull request')
      return same({ ...task, pull: event.pull }, task.pull ? undefined : `Pull request #${event.pull.number} was opened.`)
    case 'checks':
      return checks(task, event.head, event.verdict, now)
    case 'pushed':
      return pushed(task, event.head, now)
    case 'issue':
      return state.status === 'proposed'
        ? illegal(task, 'have an issue')
        : same({ ...task, issue: event.issue }, task.issue ? undefined : `The plan can be discussed in issue #${event.issue.number}.`)
    case 'said':
      return said(task, event, now)
    case 'heard':
      return same(hear(task, event.comments))
    case 'feedback':
      return feedback(task, event.comments, now)
    case 'merged':
      return task.pull ? enter(task, { status: 'merged', since: now }, 'The pull request was merged.') : illegal(task, 'be merged')
    case 'closed':
      return task.pull ? enter(task, { status: 'closed', since: now }, event.why ?? 'The pull request was closed without merging.') : illegal(task, 'be closed')
    case 'blocked':
      return same({ ...task, blocked: { on: event.on, why: event.why, since: task.blocked?.on === event.on ? task.blocked.since : now } })
    case 'unblocked':
      return same({ ...task, blocked: null })
    case 'resume':
      return resume(task, now)
    default:
      return unreachable(event)
  }
}

export function isFinished(state: TaskState): boolean {
  return state.status === 'merged' || state.status === 'closed' || state.status === 'cancelled'
}

/** The attempt that should be running now, if the state has one. */
export function currentWork(state: TaskState): Work | null {
  return 'work' in state ? state.work : null
}

function confirm(task: Task, edits: Edits, now: number): Transition {
  const terms = edited(task, edits)
  const assignment: Assignment = { phase: terms.planFirst ? 'plan' : 'implement' }
  return queue({ ...terms, branch: branchName(terms) }, assignment, now, 'The task was started.')
}

function retry(task: Task, edits: Edits, now: number): Transition {
  const { state } = task
  if (state.status === 'paused')
    return queue(task, state.assignment, now, 'The task goes on before its pause is over.')
  if (state.status !== 'failed')
    return illegal(task, 'be tried again')
  const again = edited({ ...task, crashes: 0, fixLimit: Math.max(task.fixLimit, task.fixes + MAX_FIXES) }, edits)
  // Trying again without naming a budget means: the same amount once more.
  const budgetUsd = edits?.budgetUsd ?? (state.kind === 'budget' ? task.usage.costUsd + task.budgetUsd : task.budgetUsd)
  return state.assignment.phase === 'fix'
    ? fix({ ...again, budgetUsd }, state.assignment.failure, now, 'The task was given more attempts.')
    : queue({ ...again, budgetUsd }, state.assignment, now, 'The task is tried again.')
}

function answer(task: Task, answers: Extract<TaskEvent, { kind: 'answer' }>['answers'], now: number): Transition {
  const { state } = task
  if (state.status !== 'waiting_answer')
    return illegal(task, 'be answered')
  const said = answers.map(({ question, text }) => {
    const asked = state.questions.find(({ id }) => id === question)
    return asked ? `${asked.text}\n${text}` : text
  })
  return begin(guide(task, ...said), { phase: 'plan' }, now, 'The questions were answered.')
}

function started(task: Task, attempt: number, now: number): Transition {
  const work = currentWork(task.state)
  if (work?.attempt !== attempt)
    return stale(attempt)
  if (work.startedAt !== null)
    return same(task)
  return enter({ ...task, blocked: null }, working({ ...work, startedAt: now }, now))
}

/** The edge remembers it for the runner: a new one goes on counting from here. */
function spent(task: Task, attempt: number, usage: Usage): Transition {
  const { state } = task
  if (!('work' in state) || state.work.attempt !== attempt)
    return stale(attempt)
  return usage.costUsd > (state.work.spent?.costUsd ?? 0) ? enter(task, { ...state, work: { ...state.work, spent: usage } }) : same(task)
}

function ended(task: Task, attempt: number, result: AttemptResult, now: number): Transition {
  const work = currentWork(task.state)
  if (work?.attempt !== attempt)
    return stale(attempt)
  const { assignment } = work
  const done = record({ ...task, blocked: null }, work, result, now)

  switch (result.outcome) {
    case 'planned': {
      const planned = { ...done, plan: result.plan, crashes: 0 }
      return result.questions.length > 0
        ? enter(planned, { status: 'waiting_answer', since: now, plan: result.plan, questions: result.questions }, 'Claude has questions about the plan.')
        : enter(planned, { status: 'plan_review', since: now, plan: result.plan }, 'A plan is ready for review.')
    }
    case 'published':
      return enter(
        { ...done, heads: [...done.heads, result.head], crashes: 0, flags: flag(done, ...result.flags) },
        { status: 'checking', since: now, head: result.head, pending: [] },
        `Attempt ${attempt} pushed ${result.head.slice(0, 7)}; waiting for CI.`,
      )
    case 'unchanged':
      return unchanged(done, assignment, result.summary, now)
    case 'limited':
      return enter(done, { status: 'paused', since: now, until: Math.max(result.until, now + MIN_PAUSE_MS), why: result.why, assignment }, `${result.why} The task goes on by itself.`)
    case 'failed':
      return result.kind === 'crashed' && task.crashes < MAX_CRASHES
        ? begin({ ...done, crashes: task.crashes + 1 }, assignment, now)
        : fail(done, { kind: result.kind, reason: result.reason, assignment }, now)
    default:
      return unreachable(result)
  }
}

/** A decision made on GitHub is the same decision; a comment that comes too late is taken in all the same. */
function said(task: Task, { comment, by, decision }: Extract<TaskEvent, { kind: 'said' }>, now: number): Transition {
  if (comment !== null && task.heard.includes(comment))
    return { ok: false, kind: 'stale', message: 'The comment was taken in before.' }
  const listening = comment === null ? task : hear(task, [comment])
  const step = decide(listening, decision, now)
  if (!step.ok)
    return comment === null ? step : same(listening)
  return { ...step, effects: step.effects.map(effect => ({ ...effect, text: `${effect.text} (${by} said so on GitHub.)` })) }
}

function resume(task: Task, now: number): Transition {
  const { state } = task
  if (state.status !== 'paused')
    return illegal(task, 'go on')
  if (now < state.until)
    return { ok: false, kind: 'stale', message: 'The pause is not over yet.' }
  return queue(task, state.assignment, now, 'The task goes on.')
}

type Edits = { [K in keyof TaskTerms]?: TaskTerms[K] | undefined } | undefined

function edited(task: Task, edits: Edits = {}): Task {
  const said = Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined))
  // Once there is a pull request, what it was made for is fixed; only money and model may change.
  const { budgetUsd = task.budgetUsd, model = task.model } = edits
  return task.pull ? { ...task, budgetUsd, model } : { ...task, ...said }
}

function guide(task: Task, ...words: string[]): Task {
  return { ...task, guidance: [...task.guidance, ...words] }
}

function record(task: Task, { attempt, assignment, startedAt, spent }: Work, result: AttemptResult, now: number): Task {
  // A worker that vanished could not say what it cost; what was reported of it while it lived counts.
  const usage = spent && spent.costUsd > result.usage.costUsd ? spent : result.usage
  const { costUsd, inputTokens, outputTokens } = usage
  return {
    ...task,
    usage: {
      costUsd: task.usage.costUsd + costUsd,
      inputTokens: task.usage.inputTokens + inputTokens,
      outputTokens: task.usage.outputTokens + outputTokens,
    },
    history: [...task.history, {
      attempt,
      phase: assignment.phase,
      cause: assignment.phase === 'fix' ? assignment.failure.summary : null,
      startedAt,
      endedAt: now,
      outcome: result.outcome === 'failed' ? `failed: ${result.reason}` : result.outcome,
      summary: 'summary' in result ? result.summary : null,
      head: result.outcome === 'published' ? result.head : null,
      usage,
      ...assignment.phase === 'feedback' ? { comments: assignment.comments.map(({ id }) => id) } : {},
    }],
  }
}
