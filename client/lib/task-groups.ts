import type { Task, TaskStatus } from '#shared/model/task.ts'

export interface TaskGroup {
  name: 'Waits for you' | 'At work' | 'Waiting for CI' | 'On hold' | 'Finished'
  tasks: Task[]
}

const GROUPS: { name: TaskGroup['name'], of: readonly TaskStatus[] }[] = [
  { name: 'Waits for you', of: ['proposed', 'plan_review', 'waiting_answer', 'in_review', 'failed'] },
  { name: 'At work', of: ['planning', 'implementing', 'fixing', 'addressing_feedback'] },
  { name: 'Waiting for CI', of: ['checking'] },
  { name: 'On hold', of: ['queued', 'paused'] },
  { name: 'Finished', of: ['merged', 'closed', 'cancelled'] },
]

/** Groups tasks by the next actor, the person first; empty groups are left out. */
export function taskGroups(tasks: readonly Task[]): TaskGroup[] {
  return GROUPS.map(({ name, of }) => ({
    name,
    tasks: tasks.filter(({ state }) => of.includes(state.status)).sort((a, b) => b.state.since - a.state.since),
  })).filter(group => group.tasks.length > 0)
}
