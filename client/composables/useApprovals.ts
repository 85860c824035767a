import type { TaskId } from '#shared/model/task.ts'
import { computed } from 'vue'
import { Refused } from '#shared/model/refusal.ts'
import { useMainloop } from './useMainloop.ts'
import { useProblem } from './useProblem.ts'

/** The open approvals of a task, and the person's decision. */
export function useApprovals(task: () => TaskId) {
  const { rows, mutate } = useMainloop()
  const { problem, attempt } = useProblem(Refused)

  return {
    approvals: computed(() => rows.approvals.value.filter(approval => approval.task === task())),
    decide: (approval: string, accept: boolean) => attempt(() => mutate.decideApproval({ approval, accept })),
    problem,
  }
}
