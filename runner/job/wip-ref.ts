import type { TaskId } from '#shared/model/task.ts'

/** The ref of a task's unfinished work: not a branch, so it starts no workflow and is in no list of branches. */
export function wipRef(task: TaskId): string {
  return `refs/mainloop/wip/${task}`
}
