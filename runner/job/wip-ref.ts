import type { TaskId } from '#shared/model/task.ts'

/** Where unfinished work of a task is kept: no branch, so that nobody's list of branches and no workflow sees it. */
export function wipRef(task: TaskId): string {
  return `refs/mainloop/wip/${task}`
}
