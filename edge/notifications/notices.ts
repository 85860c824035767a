import type { Approval } from '#shared/model/approval.ts'
import type { Task } from '#shared/model/task.ts'
import type { Turn } from '#shared/model/turn.ts'
import type { Notice } from '#shared/protocol/notifications.ts'
import type { InboxItem } from '#shared/task/inbox.ts'
import { must } from '#shared/lib/must.ts'
import { inbox } from '#shared/task/inbox.ts'

/** A notice that devices may have to receive. */
export interface PendingNotice {
  /** Identifies the event, so that each device is notified of it once. */
  mark: string
  /** ms since the epoch. */
  since: number
  /** A `reply` needs no notice while the person is present. */
  kind: 'item' | 'reply'
  notice: Notice
}

const TITLES: Record<InboxItem['kind'], string> = {
  proposal: 'A task to start',
  plan: 'A plan to approve',
  questions: 'Claude has questions',
  review: 'A pull request is ready',
  unverified: 'A pull request no CI has checked',
  draft: 'A draft that CI skips',
  paused: 'A task is paused',
  blocked: 'A task is blocked',
  stalled: 'A task waits too long',
  failure: 'A task needs you',
  approval: 'Claude asks to do something',
}

/** The notices of unseen inbox items, and of the end of the last reply. */
export function pendingNotices(
  tasks: readonly Task[],
  approvals: readonly Approval[],
  turn: Turn | null,
  now: number,
): PendingNotice[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]))
  const items = inbox(tasks, approvals, now)
    .filter(({ unseen }) => unseen)
    .map(({ task, kind, at }): PendingNotice => ({
      mark: `${task}/${kind}/${at}`,
      since: at,
      kind: 'item',
      notice: {
        title: TITLES[kind],
        body: must(titles.get(task), 'the task of an item').slice(0, MAX_BODY),
        tag: task,
        path: `/tasks/${task}`,
      },
    }))
  return turn?.state === 'idle' || turn?.state === 'failed' ? [...items, reply(turn)] : items
}

/** The length that a notification shows. Characters. */
const MAX_BODY = 120

function reply({ state, since }: Extract<Turn, { state: 'idle' | 'failed' }>): PendingNotice {
  const title = state === 'failed' ? 'Claude could not answer' : 'Claude has answered'
  return {
    mark: `reply/${state}/${since}`,
    since,
    kind: 'reply',
    notice: { title, body: 'Open the conversation to read on.', tag: 'reply', path: '/' },
  }
}
