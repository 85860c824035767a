import type { ThreadEntry } from './thread.ts'
import { dayKey, dayName } from './format.ts'

export type ThreadItem = { kind: 'day', key: string, name: string } | { kind: 'entry', key: string, entry: ThreadEntry }

/** Entries with a divider before each day. An entry's key stays the same when it moves from pending to stored. */
export function threadItems(entries: readonly ThreadEntry[], now: number): ThreadItem[] {
  let day = ''
  return entries.flatMap((entry) => {
    const item: ThreadItem = { kind: 'entry', key: entry.message.id, entry }
    const key = dayKey(entry.message.at)
    if (key === day)
      return [item]
    day = key
    return [{ kind: 'day', key: `day ${key}`, name: dayName(entry.message.at, now) }, item]
  })
}
