import type { ShallowRef } from 'vue'
import type { ThreadEntry } from '../lib/thread.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { watch as follow } from 'vue'
import { MESSAGE_PREFIX } from '#shared/model/message.ts'
import { inTimeSlices } from '../lib/time-slices.ts'

const KEY = 'mainloop.screen'

/** More than the chat draws when it opens. Messages. */
const FIRST_MESSAGES = 60

export interface LoadRowsDeps {
  read: (from: string) => Promise<RowChange[]>
  apply: (rows: readonly RowChange[]) => void
  /** All rows at first, then whatever changes in them. */
  watch: (onChanges: (changes: readonly RowChange[]) => void) => void
  thread: Readonly<ShallowRef<readonly ThreadEntry[]>>
}

/**
 * Shows the end of the thread before the whole past is read, so
 * that opening takes as long after a year as on the first day.
 */
export async function loadRows({ read, apply, watch, thread }: LoadRowsDeps): Promise<void> {
  const shown = new Set<string>()
  const from = localStorage.getItem(KEY)
  if (from !== null) {
    // It fails where the rows are being replaced just now; then all that counts is what is watched.
    const rows = await read(from).catch(() => [])
    rows.forEach(({ key }) => shown.add(key))
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
    // What went in between is not among all rows.
    const there = new Set(changes.map(({ key }) => key))
    const gone = [...shown].filter(key => !there.has(key)).map(key => ({ key, value: undefined }))
    applySoon([...gone, ...newestFirst(changes)])
  })
  follow(thread, () => {
    const first = thread.value.at(-FIRST_MESSAGES)
    if (first && !first.pending)
      localStorage.setItem(KEY, first.key)
  })
}

/** The rest is either on the screen already or waits for its messages. */
function newestFirst(rows: readonly RowChange[]): RowChange[] {
  const messages = rows.filter(({ key }) => key.startsWith(MESSAGE_PREFIX))
  return [...messages.reverse(), ...rows.filter(({ key }) => !key.startsWith(MESSAGE_PREFIX))]
}

/** The frame that shows it has been drawn; a page in the background draws none. */
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
