import type { Message } from '#shared/model/message.ts'
import { isPendingMessageKey } from '#shared/model/message.ts'

/** A message and its key; `pending` until the edge has assigned the final key. */
export interface ThreadEntry { key: string, pending: boolean, message: Message }

type ThreadChanges = ReadonlyMap<string, Message | null>

/** Applies changed, added and deleted (null) entries; the result is in key order. */
export function changedThread(thread: readonly ThreadEntry[], changes: ThreadChanges): ThreadEntry[] {
  const kept = thread.filter(({ key }) => !changes.has(key))
  const entries = [...changes]
    .flatMap(([key, message]) => message ? [{ key, pending: isPendingMessageKey(key), message }] : [])
  const [first] = entries
  const last = kept.at(-1)
  const all = [...kept, ...entries]
  // Mostly one entry changes or joins at the end: sorting the whole thread would be wasted.
  const isSorted = !first || (entries.length === 1 && (!last || first.key > last.key))
  return isSorted ? all : all.sort((a, b) => (a.key < b.key ? -1 : 1))
}
