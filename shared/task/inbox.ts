import type { Approval } from '../model/approval.ts'
import type { Task, TaskId } from '../model/task.ts'
import { isFinished } from './state.ts'
import { waitOf } from './wait.ts'

/** A task that waits for the person. Derived from the task, so that it cannot disagree with it. */
export interface InboxItem {
  task: TaskId
  kind:
    | 'proposal'
    | 'plan'
    | 'questions'
    | 'review'
    | 'unverified'
    | 'draft'
    | 'paused'
    | 'failure'
    | 'approval'
    | 'blocked'
    | 'stalled'
  /** The beginning of the wait, ms since the epoch. */
  since: number
  /** The time when it came into the inbox: later than `since` for what ends by itself most times. */
  at: number
  unseen: boolean
  /** Names the cause of the wait and the person's choices; null where the task's own screen says it. */
  why: string | null
}

const KINDS: { [S in Task['state']['status']]?: InboxItem['kind'] } = {
  proposed: 'proposal',
  plan_review: 'plan',
  waiting_answer: 'questions',
  in_review: 'review',
  paused: 'paused',
  failed: 'failure',
}

/** The inbox items of all tasks at `now` (ms since the epoch), the longest waiting first. */
export function inbox(tasks: readonly Task[], approvals: readonly Approval[], now: number): InboxItem[] {
  return tasks
    .flatMap(task => [...inboxItem(task), ...waitItem(task, now), ...approvalItem(task, approvals)])
    .sort((a, b) => a.since - b.since)
}

/** The next time after `now` at which an item comes by time alone; null without one. */
export function nextInboxChange(tasks: readonly Task[], now: number): number | null {
  const times = tasks.flatMap((task) => {
    const wait = kindOf(task) ? null : waitOf(task)
    return wait && wait.since + wait.limitMs > now ? [wait.since + wait.limitMs] : []
  })
  return times.length > 0 ? Math.min(...times) : null
}

/** All approvals of one task make one item. */
function approvalItem({ id, state, seen }: Task, approvals: readonly Approval[]): InboxItem[] {
  const [first] = approvals.filter(({ task }) => task === id)
  return first && !isFinished(state) ? [item(id, 'approval', first.at, seen)] : []
}

function inboxItem(task: Task): InboxItem[] {
  const kind = kindOf(task)
  return kind ? [item(task.id, kind, task.state.since, task.seen)] : []
}

/** A task that waits for the person anyway has no second item. */
function waitItem(task: Task, now: number): InboxItem[] {
  const wait = kindOf(task) ? null : waitOf(task)
  if (!wait || now < wait.since + wait.limitMs)
    return []
  const at = wait.since + wait.limitMs
  return [{ task: task.id, kind: wait.kind, since: wait.since, at, unseen: task.seen < at, why: wait.why }]
}

function item(task: TaskId, kind: InboxItem['kind'], since: number, seen: number): InboxItem {
  return { task, kind, since, at: since, unseen: seen < since, why: null }
}

function kindOf({ state }: Task): InboxItem['kind'] | null {
  if (state.status === 'in_review' && state.ci !== 'passed')
    return state.ci === 'draft' && !state.ready ? 'draft' : 'unverified'
  return KINDS[state.status] ?? null
}
