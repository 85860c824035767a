import type { ThreadEntry } from './thread.ts'

/**
 * The drawn part of the thread, by keys: from `start` (null: the newest
 * `INITIAL_ENTRIES`) to before `end` (null: the end of the thread, even when it grows).
 */
export interface ThreadWindow { start: string | null, end: string | null }

export interface ThreadPart { entries: readonly ThreadEntry[], above: boolean, below: boolean }

/** Number of entries that are drawn when the chat opens. */
const INITIAL_ENTRIES = 40
/** Number of entries added per scroll step; they are drawn well within a frame. */
const STEP_ENTRIES = 5
/**
 * Maximum number of drawn entries; the rest leaves on the other side.
 * Enough for a tall screen of one-line entries and the margin around it.
 */
const MAX_ENTRIES = 120

export const NEWEST: ThreadWindow = { start: null, end: null }

export function threadPart(thread: readonly ThreadEntry[], window: ThreadWindow): ThreadPart {
  const [from, to] = range(thread, window)
  return { entries: thread.slice(from, to), above: from > 0, below: to < thread.length }
}

export function earlier(thread: readonly ThreadEntry[], window: ThreadWindow): ThreadWindow {
  const [from, to] = range(thread, window)
  const start = Math.max(0, from - STEP_ENTRIES)
  return windowOf(thread, start, Math.min(to, start + MAX_ENTRIES))
}

export function later(thread: readonly ThreadEntry[], window: ThreadWindow): ThreadWindow {
  const [from, to] = range(thread, window)
  const end = Math.min(thread.length, to + STEP_ENTRIES)
  return windowOf(thread, Math.max(from, end - MAX_ENTRIES), end)
}

function windowOf(thread: readonly ThreadEntry[], from: number, to: number): ThreadWindow {
  return { start: thread[from]?.key ?? null, end: thread[to]?.key ?? null }
}

function range(thread: readonly ThreadEntry[], { start, end }: ThreadWindow): [from: number, to: number] {
  const to = end === null ? thread.length : firstFrom(thread, end)
  return [start === null ? Math.max(0, to - INITIAL_ENTRIES) : Math.min(to, firstFrom(thread, start)), to]
}

/** Binary search: the index of the first entry whose key is not before `key`. */
function firstFrom(thread: readonly ThreadEntry[], key: string): number {
  let low = 0
  let high = thread.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((thread[middle]?.key ?? key) < key)
      low = middle + 1
    else
      high = middle
  }
  return low
}
