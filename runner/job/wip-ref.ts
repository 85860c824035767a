import type { TaskId } from '#shared/model/task.ts'

/** The ref of a task's unfinished work. It is no branch, so it starts no workflow and appears in no list of branches. */
export function wipRef(task: TaskId): string {
  return `refs/mainloop/wip/${task}`
}
