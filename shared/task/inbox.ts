import type { Approval } from '../model/approval.ts'
import type { Task, TaskId } from '../model/task.ts'
import { isFinished } from './state.ts'

/** A task that waits for the person. Derived from the task's state, so that it cannot disagree with it. */
export interface InboxItem {
  task: TaskId
  kind: 'proposal' | 'plan' | 'questions' | 'review' | 'unverified' | 'failure' | 'approval'
  /** ms since the epoch. */
  since: number
  unseen: boolean
}

const KINDS: { [S in Task['state']['status']]?: InboxItem['kind'] } = {
  proposed: 'proposal',
  plan_review: 'plan',
  waiting_answer: 'questions',
  in_review: 'review',
  failed: 'failure',
}

/** The inbox items of all tasks, the longest waiting first. */
export function inbox(tasks: readonly Task[], approvals: readonly Approval[] = []): InboxItem[] {
  return tasks.flatMap(task => [...inboxItem(task), ...approvalItem(task, approvals)]).sort((a, b) => a.since - b.since)
}

/** All approvals of one task make one item. */
function approvalItem({ id, state, seen }: Task, approvals: readonly Approval[]): InboxItem[] {
  const [first] = approvals.filter(({ task }) => task === id)
  return first && !isFinished(state) ? [{ task: id, kind: 'approval', since: first.at, unseen: seen < first.at }] : []
}

function inboxItem({ id, state, seen }: Task): InboxItem[] {
  const kind = state.status === 'in_review' && state.ci === 'none' ? 'unverified' : KINDS[state.status]
  return kind ? [{ task: id, kind, since: state.since, unseen: seen < state.since }] : []
}
