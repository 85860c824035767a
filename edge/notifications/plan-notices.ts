import type { PendingNotice } from './notices.ts'

/** Who is at one device may be about to see it there. ms */
const GRACE_MS = 30_000

export interface NoticePlan {
  send: PendingNotice[]
  /** What the device need not be told from here on: marks. */
  told: string[]
  /** When to look again, because of what was held back; null when nothing was. ms since the epoch. */
  retryAt: number | null
}

/** What to tell one device now. `present`: the person is at some device. */
export function planNotices(
  all: readonly PendingNotice[],
  told: readonly string[],
  { present, now }: { present: boolean, now: number },
): NoticePlan {
  const fresh = all.filter(({ mark }) => !told.includes(mark))
  const held = present ? fresh.filter(({ kind, since }) => kind === 'item' && now < since + GRACE_MS) : []
  const items = fresh.filter(one => one.kind === 'item' && !held.includes(one))
  // A reply is on the screen of who is there, and what it brought says more to who is not.
  const replies = present || items.length > 0 ? [] : fresh.filter(({ kind }) => kind === 'reply')
  return {
    send: [...items, ...replies],
    told: all.filter(one => !held.includes(one)).map(({ mark }) => mark),
    retryAt: held.length === 0 ? null : Math.min(...held.map(({ since }) => since + GRACE_MS)),
  }
}
