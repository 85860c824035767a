import type { TaskId } from '#shared/model/task.ts'
import { computed, shallowRef } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'

/** What Claude or an MCP client asks to do with a task, and the person's answer. */
export function useApprovals(task: () => TaskId) {
  const { rows, mutate } = useMainloop()
  const problem = shallowRef<string | null>(null)

  async function decide(approval: string, accept: boolean) {
    problem.value = null
    await mutate.decideApproval({ approval, accept }).catch((error: unknown) => {
      if (!(error instanceof Refused))
        throw error
      problem.value = error.message
    })
  }

  return { approvals: computed(() => rows.approvals.value.filter(approval => approval.task === task())), decide, problem }
}
