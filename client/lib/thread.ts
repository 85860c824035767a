import type { Message } from '#shared/model/message.ts'
import { isPendingMessageKey } from '#shared/model/message.ts'

/** A message in its place; `pending` until the edge has given it its final one. */
export interface ThreadEntry { key: string, pending: boolean, message: Message }

/** The thread with some entries changed, added or (null) gone, in key order. */
export function changedThread(
  thread: readonly ThreadEntry[],
  changes: ReadonlyMap<string, Message | null>,
): ThreadEntry[] {
  const kept = thread.filter(({ key }) => !changes.has(key))
  const entries = [...changes].flatMap(([key, message]) =>
    message ? [{ key, pending: isPendingMessageKey(key), message }] : [],
  )
  const first = entries.reduce((least, { key }) => (key < least ? key : least), '~')
  const last = kept.at(-1)
  const all = [...kept, ...entries]
  // Mostly an entry changes or joins at the end; only then is sorting the whole past wasted.
  return entries.length === 0 || (entries.length === 1 && (!last || first > last.key))
    ? all
    : all.sort((a, b) => (a.key < b.key ? -1 : 1))
}
