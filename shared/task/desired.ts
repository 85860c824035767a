import type { Task, TaskState, Usage } from '../model/task.ts'
import type { DesiredTask, DesiredWork } from '../protocol/runner.ts'
import { unreachable } from '../lib/unreachable.ts'

/**
 * The desired task for the runner: a projection of the state and nothing else, so that it can
 * be sent again at any time. Null for a task that the runner never had to do with.
 */
export function desired(task: Task): DesiredTask | null {
  const { branch, state } = task
  if (branch === null || state.status === 'proposed')
    return null
  const { title, repository, base, brief, model, id, createdAt, pull, issue, heard, heads, flags } = task
  return {
    id,
    title,
    repository,
    base,
    brief,
    model,
    branch,
    createdAt,
    pull,
    issue,
    heard,
    heads,
    reply: lastReply(task),
    flags,
    blocked: task.blocked !== null,
    summaries: task.history.flatMap(({ summary }) => summary ?? []),
    spent: ('work' in state ? state.work.spent : undefined) ?? NOTHING_SPENT,
    work: desiredWork(task, state),
  }
}

const NOTHING_SPENT: Usage = { costUsd: 0, inputTokens: 0, outputTokens: 0 }

function lastReply({ history }: Task): DesiredTask['reply'] {
  const last = history.findLast(
    ({ phase, outcome }) => phase === 'feedback' && (outcome === 'published' || outcome === 'unchanged'),
  )
  return last
    ? { attempt: last.attempt, head: last.head, summary: last.summary ?? '', comments: last.comments ?? [] }
    : null
}

function desiredWork(task: Task, state: Exclude<TaskState, { status: 'proposed' }>): DesiredWork {
  const head = task.heads.at(-1)
  switch (state.status) {
    case 'queued':
    case 'planning':
    case 'implementing':
    case 'fixing':
    case 'addressing_feedback':
      return {
        do: 'attempt',
        attempt: state.work.attempt,
        assignment: state.work.assignment,
        plan: task.plan,
        guidance: task.guidance,
        budgetUsd: Math.max(0, task.budgetUsd - task.usage.costUsd),
        published: task.history.findLast(record => record.head !== null)?.attempt ?? 0,
      }
    case 'checking':
      return { do: 'check', head: state.head }
    case 'in_review':
      return { do: 'review', head: state.head, ci: state.ci, ready: state.ci === 'passed' || state.ready === true }
    case 'plan_review':
      return { do: 'discuss', attempt: task.attempts, plan: state.plan, questions: [] }
    case 'waiting_answer':
      return { do: 'discuss', attempt: task.attempts, plan: state.plan, questions: state.questions }
    case 'failed':
      // After the last fix the person may repair the branch or run the checks again.
      return state.kind === 'checks' && head !== undefined
        ? { do: 'review', head, ci: 'failed', ready: false }
        : { do: 'wait' }
    case 'paused':
      return { do: 'wait' }
    case 'merged':
    case 'closed':
    case 'cancelled':
      return task.cleanedUp ? { do: 'forget' } : { do: 'clean-up', after: state.status }
    default:
      return unreachable(state)
  }
}
