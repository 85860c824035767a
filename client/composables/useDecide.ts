import type { InjectionKey, ShallowRef } from 'vue'
import type { PersonEvent } from '#shared/model/task-event.ts'
import type { TaskId } from '#shared/model/task.ts'
import { inject, provide } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

export interface Decide {
  /** Resolves to false when the decision is illegal on this device's rows; `problem` then has the reason. */
  decide: (event: PersonEvent) => Promise<boolean>
  problem: Readonly<ShallowRef<string | null>>
}

/** Decisions of one tap. Others contain text that the person has reviewed, so they are made at once. */
const ONE_TAP: { [K in PersonEvent['kind']]: boolean } = {
  'confirm': true,
  'dismiss': true,
  'cancel': true,
  'retry': true,
  'approve-plan': true,
  'mark-ready': true,
  'revise-plan': false,
  'answer': false,
  'message': false,
}
const UNDOABLE: InjectionKey<true> = Symbol('undoable')

/** Delays one-tap decisions in this part of the page, which must show them with an undo button. */
export function provideUndo(): void {
  provide(UNDOABLE, true)
}

/** Makes a person's decisions about one task. */
export function useDecide(task: () => TaskId): Decide {
  const { mutate, undoQueue, rows } = useMainloop()
  const undoable = inject(UNDOABLE, false)
  const { problem, attempt } = useProblem(Refused)

  async function decide(event: PersonEvent) {
    const current = rows.tasks.value.find(({ id }) => id === task())
    if (undoable && current && ONE_TAP[event.kind]) {
      problem.value = null
      undoQueue.add(current, event)
      return true
    }
    return attempt(() => mutate.decideTask({ task: task(), event }))
  }

  return { decide, problem }
}
