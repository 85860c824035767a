import type { Ask } from '../model/ask.ts'
import type { Task, TaskId } from '../model/task.ts'
import { isFinished } from './state.ts'

/** Something that waits for the person. Derived from the tasks, so it cannot disagree with them. */
export interface InboxItem {
  task: TaskId
  kind: 'proposal' | 'plan' | 'questions' | 'review' | 'unverified' | 'failure' | 'ask'
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
export function inbox(tasks: readonly Task[], asks: readonly Ask[] = []): InboxItem[] {
  return tasks.flatMap(task => [...inboxItem(task), ...askItem(task, asks)]).sort((a, b) => a.since - b.since)
}

/** All that is asked about one task is one item. */
function askItem({ id, state, seen }: Task, asks: readonly Ask[]): InboxItem[] {
  const [first] = asks.filter(({ task }) => task === id)
  return first && !isFinished(state) ? [{ task: id, kind: 'ask', since: first.at, unseen: seen < first.at }] : []
}

function inboxItem({ id, state, seen }: Task): InboxItem[] {
  const kind = state.status === 'in_review' && state.ci === 'none' ? 'unverified' : KINDS[state.status]
  return kind ? [{ task: id, kind, since: state.since, unseen: seen < state.since }] : []
}
