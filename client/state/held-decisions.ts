import type { ShallowRef } from 'vue'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { shallowRef } from 'vue'
import * as z from 'zod'
import { Refused } from '#shared/model/refusal.ts'
import { personEvent } from '#shared/model/task-event.ts'
import { taskId } from '#shared/model/task.ts'

/** Long enough to see what a slip of the thumb did. */
export const HOLD_MS = 5_000

/** Replicache writes to the device's storage half a second after a change; only then may the note of it go. */
const STORED_MS = 2_000

const KEY = 'mainloop.held'
const held = z.object({ task: taskId, event: personEvent, revision: z.number(), until: z.number() })

/** A decision that can still be taken back. `revision`: of the task it was made about. */
export type Held = z.infer<typeof held>

export interface HeldDecisions {
  list: Readonly<ShallowRef<readonly Held[]>>
  /** What could not be done when its time had come, until the person has seen it. */
  problems: Readonly<ShallowRef<readonly { task: TaskId, words: string }[]>>
  hold: (task: { id: TaskId, revision: number }, event: PersonEvent) => void
  undo: (task: TaskId) => void
  /** Nobody looks any more who could take it back. */
  commitAll: () => void
  /** Does what an earlier page held and did not come to; once the rows are on the screen. */
  resume: (revisionOf: (task: TaskId) => number | null) => void
  dismiss: (task: TaskId) => void
}

export interface HeldDeps {
  decide: (args: { task: TaskId, event: PersonEvent }) => Promise<void>
  storage: Pick<Storage, 'getItem' | 'setItem'>
  now: () => number
  later: (run: () => void, ms: number) => void
}

/**
 * Decisions of one tap, each kept back for a moment in which it can be undone. It is noted on the device before anything else, so a
 * page that goes away in between loses none: it does them as it leaves, and the next page does what it finds undone.
 */
export function createHeldDecisions({ decide, storage, now, later }: HeldDeps): HeldDecisions {
  const list = shallowRef<readonly Held[]>([])
  const problems = shallowRef<readonly { task: TaskId, words: string }[]>([])

  function noted(): Held[] {
    return z.array(held).catch([]).parse(JSON.parse(storage.getItem(KEY) ?? '[]'))
  }
  function note(items: readonly Held[]) {
    storage.setItem(KEY, JSON.stringify(items))
  }
  function forget({ task, until }: Held) {
    note(noted().filter(other => other.task !== task || other.until !== until))
  }

  function keep(item: Held) {
    list.value = [...list.value.filter(({ task }) => task !== item.task), item]
    later(() => commit(item), item.until - now())
  }

  function commit(item: Held) {
    if (!list.value.includes(item))
      return
    list.value = list.value.filter(other => other !== item)
    decide({ task: item.task, event: item.event }).then(
      () => later(() => forget(item), STORED_MS),
      (error: unknown) => {
        forget(item)
        if (!(error instanceof Refused))
          throw error
        problems.value = [...problems.value, { task: item.task, words: error.message }]
      },
    )
  }

  return {
    list,
    problems,
    hold({ id, revision }, event) {
      const item = { task: id, event, revision, until: now() + HOLD_MS }
      note([...noted().filter(({ task }) => task !== id), item])
      keep(item)
    },
    undo(id) {
      for (const item of list.value.filter(({ task }) => task === id))
        forget(item)
      list.value = list.value.filter(({ task }) => task !== id)
    },
    commitAll: () => list.value.forEach(commit),
    resume(revisionOf) {
      for (const item of noted()) {
        // Another tab may hold it just now; and what has happened since may be this very decision.
        if (revisionOf(item.task) !== item.revision)
          forget(item)
        else
          later(() => isNoted(item) && revisionOf(item.task) === item.revision && take(item), Math.max(0, item.until + STORED_MS - now()))
      }
    },
    dismiss: id => void (problems.value = problems.value.filter(({ task }) => task !== id)),
  }

  function isNoted({ task, until }: Held) {
    return noted().some(other => other.task === task && other.until === until)
  }
  function take(item: Held) {
    list.value = [...list.value, item]
    commit(item)
  }
}
