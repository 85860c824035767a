import type { RepositoryName } from '#shared/model/repository.ts'
import type { Task } from '#shared/model/task.ts'
import type { ReadTx } from '#shared/mutators/tx.ts'
import { TASK_PREFIX } from '#shared/model/task.ts'

/** As many as fit in one sentence. */
const MAX_SUGGESTIONS = 5

/** The repositories of the newest tasks, the last used first. */
export async function recentRepositories(tx: ReadTx): Promise<RepositoryName[]> {
  const tasks: Task[] = []
  for await (const [, task] of tx.scan(TASK_PREFIX))
    tasks.push(task as Task)
  const names = tasks.sort((a, b) => b.createdAt - a.createdAt).map(({ repository }) => repository)
  // GitHub's names differ in more than case.
  const seen = new Set<string>()
  return names.filter(name => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase())).slice(0, MAX_SUGGESTIONS)
}
