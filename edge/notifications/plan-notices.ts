import type { PendingNotice } from './notices.ts'

/** Time for a present person to see an item on the screen before devices are notified. ms. */
const GRACE_MS = 30_000

export interface NoticePlan {
  send: PendingNotice[]
  /** The marks of the notices that the device needs no more. */
  told: string[]
  /** The time at which held-back items are due; null when there are none. ms since the epoch. */
  retryAt: number | null
}

/** Chooses the notices to send to one device now. `present` is true while the person looks at some device. */
export function planNotices(
  all: readonly PendingNotice[],
  told: readonly string[],
  { present, now }: { present: boolean, now: number },
): NoticePlan {
  const fresh = all.filter(({ mark }) => !told.includes(mark))
  const held = present ? fresh.filter(({ kind, since }) => kind === 'item' && now < since + GRACE_MS) : []
  const items = fresh.filter(one => one.kind === 'item' && !held.includes(one))
  // A present person sees the reply, and for one who is away its new items say more than it.
  const replies = present || items.length > 0 ? [] : fresh.filter(({ kind }) => kind === 'reply')
  return {
    send: [...items, ...replies],
    told: all.filter(one => !held.includes(one)).map(({ mark }) => mark),
    retryAt: held.length === 0 ? null : Math.min(...held.map(({ since }) => since + GRACE_MS)),
  }
}
