import type { Task, TaskId } from '#shared/model/task.ts'
import type { UnfinishedTasks } from '../tasks/unfinished-tasks.ts'
import type { Hint } from './parse-delivery.ts'

/** Finds the unfinished tasks that a hint is about. */
export type FindAffectedTasks = (hint: Hint) => TaskId[]

export function createFindAffectedTasks(unfinished: UnfinishedTasks): FindAffectedTasks {
  return hint =>
    unfinished()
      .filter(task => task.state.status !== 'proposed' && isAbout(hint, task))
      .map(({ id }) => id)
}

/** Whether a hint is about a task. One with a repository only is about all tasks there. Exported for its test. */
export function isAbout(
  { repository, commits, branches, numbers }: Hint,
  task: Pick<Task, 'repository' | 'branch' | 'heads' | 'pull' | 'issue'>,
): boolean {
  // GitHub ignores the case of names.
  if (task.repository.toLowerCase() !== repository.toLowerCase())
    return false
  return (
    commits.length + branches.length + numbers.length === 0
    || commits.some(commit => task.heads.includes(commit))
    || (task.branch !== null && branches.includes(task.branch))
    || numbers.some(number => number === task.pull?.number || number === task.issue?.number)
  )
}
