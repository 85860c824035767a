import type { InjectionKey, ShallowRef } from 'vue'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { inject, provide, shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

export interface Decide {
  /** False when this device already knows that it cannot be done; `problem` then says why. */
  decide: (event: PersonEvent) => Promise<boolean>
  problem: Readonly<ShallowRef<string | null>>
}

/** What one tap does. Words that somebody wrote and looked at go at once. */
const ONE_TAP: readonly PersonEvent['kind'][] = ['confirm', 'dismiss', 'cancel', 'retry', 'approve-plan']
const UNDOABLE: InjectionKey<true> = Symbol('undoable')

/** In this part of the page decisions of one tap are kept back for a moment, because it shows that and offers to undo them. */
export function provideUndo(): void {
  provide(UNDOABLE, true)
}

/** A person's decisions about one task. */
export function useDecide(task: () => TaskId): Decide {
  const { mutate, undoQueue, rows } = useMainloop()
  const undoable = inject(UNDOABLE, false)
  const problem = shallowRef<string | null>(null)

  async function decide(event: PersonEvent) {
    problem.value = null
    const now = rows.tasks.value.find(({ id }) => id === task())
    if (undoable && now && ONE_TAP.includes(event.kind)) {
      undoQueue.add(now, event)
      return true
    }
    try {
      await mutate.decideTask({ task: task(), event })
      return true
    }
    catch (error) {
      if (!(error instanceof Refused))
        throw error
      problem.value = error.message
      return false
    }
  }

  return { decide, problem }
}
