import type { Assignment, Task, TaskState } from '#shared/model/task.ts'
import { unreachable } from '#shared/lib/unreachable.ts'

export interface ProgressStep {
  name: 'Plan' | 'Build' | 'CI' | 'Review'
  state: 'done' | 'current' | 'stuck' | 'ahead'
}

/** The steps of a task for a person, with its progress. Fixes and review changes return to an earlier step. */
export function progressSteps(task: Task): ProgressStep[] {
  const names: ProgressStep['name'][] = task.planFirst ? ['Plan', 'Build', 'CI', 'Review'] : ['Build', 'CI', 'Review']
  const { step, state } = position(task)
  const current = step === 'end' ? names.length : Math.max(0, names.indexOf(step))
  return names.map((name, i) => ({ name, state: i < current ? 'done' : i === current ? state : 'ahead' }))
}

function position(task: Task): { step: ProgressStep['name'] | 'end', state: 'current' | 'stuck' | 'ahead' } {
  const { state } = task
  switch (state.status) {
    case 'proposed': return { step: task.planFirst ? 'Plan' : 'Build', state: 'ahead' }
    case 'queued': return { step: stepOf(state.work.assignment), state: 'current' }
    case 'planning':
    case 'plan_review':
    case 'waiting_answer': return { step: 'Plan', state: 'current' }
    case 'implementing':
    case 'addressing_feedback': return { step: 'Build', state: 'current' }
    case 'checking':
    case 'fixing': return { step: 'CI', state: 'current' }
    case 'in_review': return { step: 'Review', state: 'current' }
    case 'paused': return { step: stepOf(state.assignment), state: 'stuck' }
    case 'failed': return { step: stepOf(state.assignment), state: 'stuck' }
    case 'merged': return { step: 'end', state: 'current' }
    case 'closed': return { step: 'Review', state: 'stuck' }
    case 'cancelled': return { step: lastStep(task), state: 'stuck' }
    default: return unreachable(state)
  }
}

function stepOf({ phase }: Assignment): ProgressStep['name'] {
  return ({ plan: 'Plan', implement: 'Build', fix: 'CI', feedback: 'Build' } as const)[phase]
}

function lastStep({ history, planFirst }: Task): ProgressStep['name'] {
  const phase = history.at(-1)?.phase
  return phase ? stepOf({ phase } as Assignment) : planFirst ? 'Plan' : 'Build'
}

/** Whether a worker or CI is busy with the task, so that a running clock makes sense. */
export function isRunning(state: TaskState): boolean {
  return ['planning', 'implementing', 'fixing', 'addressing_feedback', 'checking'].includes(state.status)
}
