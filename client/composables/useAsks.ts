import type { TaskId } from '#shared/model/task.ts'
import { computed, shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

/** What Claude or an MCP client asks to do with a task, and the person's answer. */
export function useAsks(task: () => TaskId) {
  const { rows, mutate } = useMainloop()
  const problem = shallowRef<string | null>(null)

  async function decide(ask: string, accept: boolean) {
    problem.value = null
    await mutate.decideAsk({ ask, accept }).catch((error: unknown) => {
      if (!(error instanceof Refused))
        throw error
      problem.value = error.message
    })
  }

  return { asks: computed(() => rows.asks.value.filter(ask => ask.task === task())), decide, problem }
}
