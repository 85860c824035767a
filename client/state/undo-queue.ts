import type { ShallowRef } from 'vue'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { shallowRef } from 'vue'
import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'
import { Refused } from '#shared/model/refusal.ts'
import { personEvent } from '#shared/model/task-event.ts'
import { taskId } from '#shared/model/task.ts'

/** Long enough for the person to notice a slip. */
export const UNDO_MS = 5_000

/** Replicache writes a mutation to the disk half a second later; the stored decision is kept until then. */
const REPLICACHE_STORED_MS = 2_000

const KEY = 'mainloop.held'
const undoableDecision = z.object({ task: taskId, event: personEvent, revision: z.number(), until: z.number() })

/** A decision that can still be undone. `revision`: of its task, when the person decided. */
export type UndoableDecision = z.infer<typeof undoableDecision>

export interface UndoQueue {
  list: Readonly<ShallowRef<readonly UndoableDecision[]>>
  /** Decisions that were refused on commit, until the person dismisses them. */
  problems: Readonly<ShallowRef<readonly { task: TaskId, message: string }[]>>
  add: (task: { id: TaskId, revision: number }, event: PersonEvent) => void
  undo: (task: TaskId) => void
  /** Commits all decisions, because a hidden page offers no undo. */
  commitAll: () => void
  /** Commits the decisions that an earlier tab left behind; called once the rows are loaded. */
  resume: (revisionOf: (task: TaskId) => number | null) => void
  dismiss: (task: TaskId) => void
}

export interface UndoQueueDeps {
  decide: (args: { task: TaskId, event: PersonEvent }) => Promise<void>
  storage: Pick<Storage, 'getItem' | 'setItem'>
  now: () => number
  later: (run: () => void, ms: number) => void
}

/**
 * Delays decisions of one tap, so that each can be undone for a moment. A
 * decision is stored on the device first, so that none is lost: a tab
 * commits its own when it closes, and the next tab commits those it finds.
 */
export function createUndoQueue({ decide, storage, now, later }: UndoQueueDeps): UndoQueue {
  const list = shallowRef<readonly UndoableDecision[]>([])
  const problems = shallowRef<readonly { task: TaskId, message: string }[]>([])

  function stored(): UndoableDecision[] {
    return z.array(undoableDecision).catch([]).parse(parseJson(storage.getItem(KEY) ?? '[]'))
  }
  function store(items: readonly UndoableDecision[]) {
    storage.setItem(KEY, JSON.stringify(items))
  }
  function forget({ task, until }: UndoableDecision) {
    store(stored().filter(other => other.task !== task || other.until !== until))
  }

  function keep(item: UndoableDecision) {
    list.value = [...list.value.filter(({ task }) => task !== item.task), item]
    later(() => commit(item), item.until - now())
  }

  function commit(item: UndoableDecision) {
    if (!list.value.includes(item))
      return
    list.value = list.value.filter(other => other !== item)
    decide({ task: item.task, event: item.event }).then(
      () => later(() => forget(item), REPLICACHE_STORED_MS),
      (error: unknown) => {
        forget(item)
        if (!(error instanceof Refused))
          throw error
        problems.value = [...problems.value, { task: item.task, message: error.message }]
      },
    )
  }

  return {
    list,
    problems,
    add({ id, revision }, event) {
      const item = { task: id, event, revision, until: now() + UNDO_MS }
      store([...stored().filter(({ task }) => task !== id), item])
      keep(item)
    },
    undo(id) {
      for (const item of list.value.filter(({ task }) => task === id))
        forget(item)
      list.value = list.value.filter(({ task }) => task !== id)
    },
    commitAll: () => list.value.forEach(commit),
    resume(revisionOf) {
      for (const item of stored()) {
        const isCurrent = () => revisionOf(item.task) === item.revision
        // Another open tab may have it in its queue; once that tab has committed it, the revision has grown.
        const waitMs = Math.max(0, item.until + REPLICACHE_STORED_MS - now())
        if (isCurrent())
          later(() => isStored(item) && isCurrent() && take(item), waitMs)
        else
          forget(item)
      }
    },
    dismiss: id => void (problems.value = problems.value.filter(({ task }) => task !== id)),
  }

  function isStored({ task, until }: UndoableDecision) {
    return stored().some(other => other.task === task && other.until === until)
  }
  function take(item: UndoableDecision) {
    list.value = [...list.value, item]
    commit(item)
  }
}
