import type { Approval } from '../model/approval.ts'
import type { Task, TaskId } from '../model/task.ts'
import { isFinished } from './state.ts'

/** Something that waits for the person. Derived from the tasks, so it cannot disagree with them. */
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

/** What waits for the person, longest first. */
export function inbox(tasks: readonly Task[], approvals: readonly Approval[] = []): InboxItem[] {
  return tasks.flatMap(task => [...inboxItem(task), ...approvalItem(task, approvals)]).sort((a, b) => a.since - b.since)
}

/** All approvals of one task are one item. */
function approvalItem({ id, state, seen }: Task, approvals: readonly Approval[]): InboxItem[] {
  const [first] = approvals.filter(({ task }) => task === id)
  return first && !isFinished(state) ? [{ task: id, kind: 'approval', since: first.at, unseen: seen < first.at }] : []
}

function inboxItem({ id, state, seen }: Task): InboxItem[] {
  const kind = state.status === 'in_review' && state.ci === 'none' ? 'unverified' : KINDS[state.status]
  return kind ? [{ task: id, kind, since: state.since, unseen: seen < state.since }] : []
}
