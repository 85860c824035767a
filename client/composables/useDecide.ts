import type { InjectionKey, ShallowRef } from 'vue'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { inject, provide } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

export interface Decide {
  /** False when this device already knows that it cannot be done; `problem` then says why. */
  decide: (event: PersonEvent) => Promise<boolean>
  problem: Readonly<ShallowRef<string | null>>
}

/** What one tap does. Words that somebody wrote and looked at go at once. */
const ONE_TAP: readonly PersonEvent['kind'][] = ['confirm', 'dismiss', 'cancel', 'retry', 'approve-plan']
const UNDOABLE: InjectionKey<true> = Symbol('undoable')

/**
 * In this part of the page decisions of one tap are kept back
 * for a moment, because it shows that and offers to undo them.
 */
export function provideUndo(): void {
  provide(UNDOABLE, true)
}

/** A person's decisions about one task. */
export function useDecide(task: () => TaskId): Decide {
  const { mutate, undoQueue, rows } = useMainloop()
  const undoable = inject(UNDOABLE, false)
  const { problem, attempt } = useProblem(Refused)

  async function decide(event: PersonEvent) {
    const now = rows.tasks.value.find(({ id }) => id === task())
    if (undoable && now && ONE_TAP.includes(event.kind)) {
      problem.value = null
      undoQueue.add(now, event)
      return true
    }
    return attempt(() => mutate.decideTask({ task: task(), event }))
  }

  return { decide, problem }
}
