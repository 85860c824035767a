import type { ShallowRef } from 'vue'
import type { ThreadEntry } from '../lib/thread.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { watch as follow } from 'vue'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { inTimeSlices } from '../lib/time-slices.ts'

const KEY = 'mainloop.screen'

/** Number of messages; more than the chat draws when it opens. */
const FIRST_MESSAGES = 60

export interface LoadRowsDeps {
  read: (from: string) => Promise<RowChange[]>
  apply: (rows: readonly RowChange[]) => void
  /** Calls back with all rows first, then with the changed ones. */
  watch: (onChanges: (changes: readonly RowChange[]) => void) => void
  thread: Readonly<ShallowRef<readonly ThreadEntry[]>>
}

/**
 * Applies the end of the thread before the whole thread is read, so
 * that opening takes no longer after a year than on the first day.
 */
export async function loadRows({ read, apply, watch, thread }: LoadRowsDeps): Promise<void> {
  const applied = new Set<string>()
  const from = localStorage.getItem(KEY)
  if (from !== null) {
    // This fails while the replica starts over; then the watch alone brings the rows.
    const rows = await read(from).catch(() => [])
    rows.forEach(({ key }) => applied.add(key))
    if (rows.length > 0)
      apply(rows)
    await painted()
  }
  const applySoon = inTimeSlices(apply, nextTask)
  let opening = true
  watch((changes) => {
    if (!opening)
      return applySoon(changes)
    opening = false
    // A row that was deleted meanwhile is not among all rows.
    const keys = new Set(changes.map(({ key }) => key))
    const gone = [...applied].filter(key => !keys.has(key)).map(key => ({ key, value: undefined }))
    applySoon([...gone, ...newestFirst(changes)])
  })
  follow(thread, () => {
    const first = thread.value.at(-FIRST_MESSAGES)
    if (first && !first.pending)
      localStorage.setItem(KEY, first.key)
  })
}

/** The other rows come last: they are on the screen already, or refer to messages. */
function newestFirst(rows: readonly RowChange[]): RowChange[] {
  const messages = rows.filter(({ key }) => key.startsWith(MESSAGE_PREFIX))
  return [...messages.reverse(), ...rows.filter(({ key }) => !key.startsWith(MESSAGE_PREFIX))]
}

/** Resolves after the next frame is drawn; at once in a hidden page, which draws none. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === 'hidden')
      return resolve()
    requestAnimationFrame(() => setTimeout(resolve))
  })
}

function nextTask(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve))
}
